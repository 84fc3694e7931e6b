import { describe, expect, it } from "vitest";
import { crdts } from "../../../systems/crdt/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

const forms = ["state", "delta", "op"];

describe.each(crdts.map((system) => ({ name: system.name, system })))("$name", ({ system }) => {
  it.each(forms)("keeps its promise under a swarm of faults, form=%s", async (form) => {
    for (const workload of system.workloads) {
      const slice = { seeds: 2, operations: 150, workload, options: { form } };
      expect(await anomaliesOf(system, slice)).toEqual([]);
    }
  });

  it("keeps its promise on one node, whose disk nobody could make up for", async () => {
    expect(await anomaliesOf(system, { seeds: 4, nodes: 1, operations: 50 })).toEqual([]);
  });
});

const bugs = crdts.flatMap((system) => Object.keys(system.bugs).map((bug) => ({ system, bug })));

describe("a mistake in a CRDT", () => {
  it.each(bugs.map(({ system, bug }) => [bug, system] as const))(
    "shows: %s",
    async (bug, system) => {
      const caught = await caughtAnomalies(system, bug, 60);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(system.bugs[bug]?.anomalies).toContain(type);
    },
  );
});
