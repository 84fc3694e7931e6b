import { describe, expect, it } from "vitest";
import { queue } from "../../../systems/queue/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("the queue under a swarm of faults", () => {
  it("gives every element to one consumer", async () => {
    expect(await anomaliesOf(queue, { seeds: 8 })).toEqual([]);
  });

  it.each(Object.entries(queue.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(queue, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
