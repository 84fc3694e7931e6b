import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { planRun } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { strategies } from "../../strategies/index.js";
import { mutate } from "../../strategies/mutate.js";
import { systems } from "../../systems/index.js";
import { plans } from "../plan/arbitrary.js";

const LITMUS = { system: "tso-store", workload: "litmus" };

/** Plans as they are drawn, of every system and strategy, and ones that nobody would draw. */
const drawnPlan = fc
  .record({
    system: fc.constantFrom(...systems.keys()),
    seed: fc.nat(),
    strategy: fc.constantFrom(...strategies.keys()),
  })
  .map((request) => planRun({ ...request, operations: 60 }));
const litmusPlan = fc.nat().map((seed) => planRun({ ...LITMUS, seed, operations: 60 }));
const oddPlan = plans({
  system: "quorum",
  workload: "register",
  nodes: ["n1", "n2", "n3"],
  clients: 3,
});
const anyPlan = fc.oneof(drawnPlan, oddPlan, litmusPlan);
const seeds = fc.array(fc.nat(0x7fffffff), { minLength: 1, maxLength: 12 });

function mutated(plan: Plan, by: readonly number[]): Plan {
  return by.reduce(mutate, plan);
}

function copy(plan: Plan): Plan {
  return JSON.parse(JSON.stringify(plan)) as Plan;
}

function check(property: (before: Plan, after: Plan, by: readonly number[]) => void): void {
  fc.assert(
    fc.property(anyPlan, seeds, (plan, by) => {
      property(plan, mutated(plan, by), by);
    }),
    { numRuns: 150 },
  );
}

describe("a mutation of any plan", () => {
  test("is a sound plan, which names the seeds of what was done to it", () => {
    check((before, after, by) => {
      expect(parsePlan(copy(after) as unknown as Json, "a file")).toEqual(after);
      expect(after.mutations).toEqual([...(before.mutations ?? []), ...by]);
    });
  });

  test("is the same for the same seed, and leaves the plan itself as it was", () => {
    check((before, after, by) => {
      const saved = copy(before);
      expect(mutated(before, by)).toEqual(after);
      expect(before).toEqual(saved);
    });
  });

  test("keeps every operation: its client, function and value", () => {
    const what = ({ operations }: Plan): string[] =>
      operations.map(({ id, client, f, value }) => JSON.stringify([id, client, f, value])).sort();
    check((before, after) => expect(what(after)).toEqual(what(before)));
  });

  test("writes no value twice to a key that did not have it twice before", () => {
    const twice = ({ operations }: Plan): number => {
      const written = operations.flatMap(({ f, key, value }) =>
        ["write", "cas"].includes(f) ? [JSON.stringify([key, value])] : [],
      );
      return written.length - new Set(written).size;
    };
    check((before, after) => expect(twice(after)).toBeLessThanOrEqual(twice(before)));
  });

  test("keeps the order in which each client invokes", () => {
    const orders = ({ operations, clients }: Plan): number[][] =>
      Array.from({ length: clients }, (_, client) =>
        operations.filter((one) => one.client === client).map(({ id }) => id),
      );
    check((before, after) => expect(orders(after)).toEqual(orders(before)));
  });

  test("leaves alone what comes after the first phase, and lets nothing move there", () => {
    const later = ({ operations, faults, timeLimitUs }: Plan): unknown => ({
      operations: operations.filter(({ atUs }) => atUs >= timeLimitUs),
      faults: faults.filter(({ atUs }) => atUs >= timeLimitUs),
    });
    check((before, after) => expect(later(after)).toEqual(later(before)));
  });

  test("lets no clock drift further than one did", () => {
    const furthest = ({ faults }: Plan): number =>
      Math.max(
        0,
        ...faults.map((fault) => (fault.kind === "clock-rate" ? Math.abs(fault.ppm) : 0)),
      );
    check((before, after) => expect(furthest(after)).toBeLessThanOrEqual(furthest(before)));
  });

  test("leaves a client that keeps to one node there", () => {
    const nodesOf = ({ operations }: Plan, client: number): string[] => [
      ...new Set(operations.filter((one) => one.client === client).map(({ node }) => node)),
    ];
    check((before, after) => {
      for (let client = 0; client < before.clients; client++) {
        const nodes = nodesOf(before, client);
        if (nodes.length === 1) expect(nodesOf(after, client)).toEqual(nodes);
      }
    });
  });
});

describe("a mutation of a litmus test", () => {
  test("leaves its threads, their places and their times alone", () => {
    fc.assert(
      fc.property(litmusPlan, seeds, (plan, by) => {
        expect(mutated(plan, by).operations).toEqual(plan.operations);
      }),
      { numRuns: 30 },
    );
  });
});

describe("mutations, taken together", () => {
  const plan = planRun({ system: "raft", seed: 4, strategy: "targeted", operations: 100 });
  const all = Array.from({ length: 300 }, (_, seed) => mutate(plan, seed));
  const differing = (what: (plan: Plan) => unknown): number =>
    all.filter((one) => JSON.stringify(what(one)) !== JSON.stringify(what(plan))).length;

  test("nearly always change something", () => {
    const changed = differing(({ mutations: _, ...rest }) => rest);
    expect(changed).toBeGreaterThan(250);
  });

  test("change faults mostly, and operations and the future in a good part", () => {
    expect(differing(({ faults }) => faults)).toBeGreaterThan(150);
    expect(differing(({ operations }) => operations)).toBeGreaterThan(30);
    expect(differing(({ branch }) => branch)).toBeGreaterThan(30);
  });

  test("put faults in and take faults out", () => {
    const counts = all.map(({ faults }) => faults.length);
    expect(counts.some((count) => count > plan.faults.length)).toBe(true);
    expect(counts.some((count) => count < plan.faults.length)).toBe(true);
  });

  test("move operations in time, to other nodes and to other keys", () => {
    for (const field of ["atUs", "node", "key"] as const) {
      const moved = differing(({ operations }) =>
        [...operations].sort((a, b) => a.id - b.id).map((one) => one[field]),
      );
      expect(moved).toBeGreaterThan(3);
    }
  });
});
