import { describe, expect, it } from "vitest";
import { gossip } from "../../../systems/gossip/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("gossip", () => {
  it.each(gossip.workloads)("keeps its promise under a swarm of faults: %s", async (workload) => {
    expect(await anomaliesOf(gossip, { seeds: 3, workload })).toEqual([]);
  });

  it.each(["push", "pull"])("reaches everybody where nodes only %s", async (style) => {
    expect(await anomaliesOf(gossip, { seeds: 3, options: { style } })).toEqual([]);
  });

  it.each(gossip.workloads)("bears letters that are altered on their way: %s", async (workload) => {
    const nemesis = ["corruption"];
    expect(await anomaliesOf(gossip, { seeds: 3, workload, nemesis })).toEqual([]);
  });

  it.each(Object.entries(gossip.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(gossip, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
