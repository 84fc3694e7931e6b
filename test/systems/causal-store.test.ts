import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causalStore } from "../../systems/causal-store/index.js";
import { isLater, type Stamp } from "../../systems/causal-store/replica.js";
import { effort, litmusAnomalies, litmusRun, shapes } from "./litmus-runs.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";

const stamp: fc.Arbitrary<Stamp> = fc.record({
  time: fc.nat(3),
  node: fc.constantFrom("n1", "n2", "n3"),
});

describe("the store that applies writes in causal order", () => {
  it.each(["causal-sessions", "register", "convergence"])(
    "is causally convergent under a swarm of faults: %s",
    async (workload) => {
      expect(await anomaliesOf(causalStore, { seeds: 4 * effort, workload })).toEqual([]);
    },
  );

  it.each(["MP", "S", "2+2W", "WRC", "IRIW"] as const)(
    "is causally convergent under a swarm of faults: the litmus test %s",
    async (name) => {
      expect(await litmusAnomalies(causalStore, 2 * effort, { test: shapes[name] })).toEqual([]);
    },
  );

  it.each([
    ["SB", "0,1"],
    ["IRIW", "0,0,1,1"],
  ] as const)("is neither TSO nor sequentially consistent: %s", async (name, placement) => {
    const run = { seed: 1, nodes: 3, nemesis: ["none"], test: shapes[name], placement };
    const asPromised = await litmusRun(causalStore, { ...run, clients: 4, operations: 1_500 });
    expect(asPromised.execution.valid).toBe(true);
    expect(asPromised.condition).toBeGreaterThan(0);
    const claim = name === "SB" ? "sequential" : "tso";
    const asStronger = await litmusRun(causalStore, {
      ...run,
      clients: 4,
      operations: 1_500,
      claim,
    });
    expect(asStronger.found[0]).toMatch(/^forbidden-outcome: /);
  });

  it.each(Object.entries(causalStore.bugs))(
    "shows the bug %s within 40 seeds",
    async (name, bug) => {
      const caught = await caughtAnomalies(causalStore, name, 40);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );

  it("orders stamps totally: of two different ones exactly one is later", () => {
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        const same = a.time === b.time && a.node === b.node;
        expect(Number(isLater(a, b)) + Number(isLater(b, a))).toBe(same ? 0 : 1);
      }),
    );
  });
});
