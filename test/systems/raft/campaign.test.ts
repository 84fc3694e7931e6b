/** A slice of a campaign: Raft keeps its promise under a swarm of faults; its bugs break it. */

import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../../src/controller/index.js";
import { raft } from "../../../systems/raft/index.js";
import { readModes } from "../../../systems/raft/settings.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("raft", () => {
  it.each(readModes)("is linearizable under a swarm of faults, reads: %s", async (reads) => {
    expect(await anomaliesOf(raft, { seeds: 5, options: { reads } })).toEqual([]);
  });

  const hardest = ["alternating-leader-crashes", "restarts", "clock"];
  it.each(hardest)("is linearizable in every read mode under %s", async (name) => {
    for (const reads of readModes) {
      const slice = { seeds: 2, nemesis: [name], options: { reads } };
      expect(await anomaliesOf(raft, slice)).toEqual([]);
    }
  });

  it.each(readModes)("loses nothing when all nodes crash at once, reads: %s", async (reads) => {
    const plan = planRun({ system: raft, seed: 1, nemesis: ["none"], options: { reads } });
    const outage = { kind: "crash", atUs: 4_000_000, untilUs: 6_000_000 } as const;
    const faults = plan.nodes.map((target, id) => ({ id, ...outage, target }));
    const { valid, history } = await execute({ ...plan, faults }, { system: raft });
    expect(valid).toBe(true);
    const finals = history.operations.filter(({ final }) => final);
    expect(finals.map(({ output }) => output)).not.toContain(null);
  });

  it.each(Object.entries(raft.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(raft, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});

describe("a server alone", () => {
  it("elects itself and serves", async () => {
    expect(await anomaliesOf(raft, { seeds: 2, nodes: 1, nemesis: ["crash"] })).toEqual([]);
  });
});
