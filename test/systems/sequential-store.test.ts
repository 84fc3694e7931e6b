import { describe, expect, it } from "vitest";
import { sequentialStore } from "../../systems/sequential-store/index.js";
import { effort, litmusAnomalies, litmusRun, shapes } from "./litmus-runs.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";

describe("the store with ordered writes and local reads", () => {
  it.each(["register", "causal-sessions"])(
    "is sequentially consistent under a swarm of faults: %s",
    async (workload) => {
      expect(await anomaliesOf(sequentialStore, { seeds: 4 * effort, workload })).toEqual([]);
    },
  );

  it.each(["SB", "MP", "IRIW", "S", "swaps", "cas"] as const)(
    "is sequentially consistent under a swarm of faults: the litmus test %s",
    async (name) => {
      expect(await litmusAnomalies(sequentialStore, 2 * effort, { test: shapes[name] })).toEqual(
        [],
      );
    },
  );

  it("is not linearizable: a home has not heard of a write acknowledged elsewhere", async () => {
    const request = { seeds: 2, nemesis: ["none"], workload: "causal-sessions" };
    const options = { model: "linearizable" };
    const found = await anomaliesOf(sequentialStore, { ...request, options });
    expect(found).not.toEqual([]);
  });

  it("comes to every state of SB that it may come to", async () => {
    const { notes } = await litmusRun(sequentialStore, {
      seed: 1,
      test: shapes.SB,
      operations: 1_000,
    });
    expect(notes.neverSeen).toEqual([]);
  });

  it.each(Object.entries(sequentialStore.bugs))(
    "shows the bug %s within 20 seeds",
    async (name, bug) => {
      const caught = await caughtAnomalies(sequentialStore, name, 20);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
