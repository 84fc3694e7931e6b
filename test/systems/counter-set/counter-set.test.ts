import { describe, expect, it } from "vitest";
import { counterSet } from "../../../systems/counter-set/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("counter-set under a swarm of faults", () => {
  it("keeps every acknowledged element, and its replicas agree in the end", async () => {
    expect(await anomaliesOf(counterSet, { seeds: 8, workload: "set" })).toEqual([]);
  });

  it("counts every acknowledged addition once, and its replicas agree in the end", async () => {
    expect(await anomaliesOf(counterSet, { seeds: 8, workload: "counter" })).toEqual([]);
  });

  it("counts once what the network delivers twice, across crashes", async () => {
    const nemesis = ["duplicate", "crash"];
    expect(await anomaliesOf(counterSet, { seeds: 8, workload: "counter", nemesis })).toEqual([]);
    expect(await anomaliesOf(counterSet, { seeds: 8, workload: "set", nemesis })).toEqual([]);
  });

  it.each(Object.entries(counterSet.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(counterSet, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
