import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { planRun, type RunRequest } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { defineSystem, systems } from "../../systems/index.js";

const anyRequest: fc.Arbitrary<RunRequest> = fc.record({
  seed: fc.nat(1_000_000),
  system: fc.constantFrom("raft", "quorum", "primary-backup", "txn", "ids", "counter-set"),
  operations: fc.integer({ min: 1, max: 120 }),
  nemesis: fc.constantFrom(["swarm"], ["partition"], ["crash", "pause"]),
});

function phaseOf({ recovery, timeLimitUs }: Plan): {
  core: string[];
  fromUs: number;
  toUs: number;
} {
  if (recovery === undefined) throw new Error("a plan without a second phase");
  return { core: recovery.core, fromUs: timeLimitUs, toUs: timeLimitUs + recovery.withinUs };
}

describe("the second phase of any plan", () => {
  test("has a core of as many nodes as suffice, and freezes the others, all of them and no more", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const plan = planRun(request);
        const { core, fromUs, toUs } = phaseOf(plan);
        const { recovery } = systems.get(plan.system) ?? {};
        expect(core).toHaveLength(recovery?.core(plan.nodes.length, plan.options) ?? -1);
        expect(plan.nodes.filter((node) => core.includes(node))).toEqual(core);
        const frozen = new Set<string>();
        for (const fault of plan.faults.filter(({ atUs }) => atUs >= fromUs)) {
          expect(fault).toMatchObject({ atUs: fromUs, untilUs: toUs });
          if (fault.kind === "partition" && "groups" in fault) {
            expect(fault.groups[0]).toEqual(core);
            for (const node of fault.groups[1] ?? []) frozen.add(node);
          } else if ("target" in fault) frozen.add(String(fault.target));
        }
        expect([...frozen].sort()).toEqual(plan.nodes.filter((node) => !core.includes(node)));
      }),
    );
  });

  test("takes one operation in eight, to the core, in its order; none is lost or added", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const { operations = 0 } = request;
        const plan = planRun(request);
        const { core, fromUs, toUs } = phaseOf(plan);
        expect(plan.operations).toHaveLength(operations);
        expect(new Set(plan.operations.map(({ id }) => id)).size).toBe(operations);
        const times = plan.operations.map(({ atUs }) => atUs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const late = plan.operations.filter(({ atUs }) => atUs >= fromUs);
        expect(late).toHaveLength(Math.ceil(operations / 8));
        for (const { node, atUs } of late) {
          expect(core).toContain(node);
          expect(atUs).toBeLessThanOrEqual(toUs - plan.operationTimeoutUs);
        }
      }),
    );
  });

  test("asks every node of the core in its second half, where there is an operation for each", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const plan = planRun(request);
        const { core, fromUs, toUs } = phaseOf(plan);
        const late = plan.operations.filter(({ atUs }) => atUs >= fromUs);
        // Half of the span in which operations begin, which ends a time-out before the phase does.
        const halfUs = (fromUs + toUs - plan.operationTimeoutUs) / 2;
        const reached = new Set(late.filter(({ atUs }) => atUs >= halfUs).map(({ node }) => node));
        expect(reached.size).toBeGreaterThanOrEqual(Math.min(core.length, late.length));
      }),
    );
  });

  test("stands in a file", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const plan = planRun(request);
        expect(parsePlan(JSON.parse(JSON.stringify(plan)) as Json, "a file")).toEqual(plan);
      }),
    );
  });
});

describe("no second phase", () => {
  test("is planned without faults", () => {
    expect(planRun({ system: "raft", seed: 1, nemesis: ["none"] }).recovery).toBeUndefined();
  });

  test.each([
    { system: "causal-store", workload: "litmus" },
    { system: "causal-store", workload: "causal-sessions" },
    { system: "lww-register", workload: "convergence" },
  ])("is planned where the workload says where or when it acts: %o", (request) => {
    const plan = planRun({ ...request, seed: 1 });
    expect(plan.recovery).toBeUndefined();
    expect(plan.operations.every(({ atUs }) => atUs < plan.timeLimitUs)).toBe(true);
  });

  test.each(["txn", "two-phase-commit", "three-phase-commit", "three-phase-commit-synchronous"])(
    "is planned where transactions take longer than clients wait: %s",
    (system) => {
      const phase = (workload: string, options: { [name: string]: number }) =>
        planRun({ system, workload, options, seed: 1 }).recovery;
      expect(phase("bank", { stepMs: 100 })).toBeUndefined();
      expect(phase("list-append", { stepMs: 100 })).toBeUndefined();
      expect(phase("list-append", { microOpsMax: 500 })).toBeUndefined();
      expect(phase("bank", { accounts: 12 })).toBeDefined();
      expect(phase("list-append", { stepMs: 20 })).toBeDefined();
    },
  );
});

test("a system that says nothing has all its nodes for a core, and ten seconds", () => {
  const plain = defineSystem({
    name: "plain",
    workloads: ["kv"],
    service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
    create: () => ({ onMessage: () => undefined }),
  });
  const { recovery, nodes } = planRun({ system: plain, seed: 1 });
  expect(recovery).toEqual({ core: nodes, withinUs: 10_000_000 });
});

test("Raft's time grows with its election timeout", () => {
  const within = (electionTimeoutMs: number) =>
    planRun({ system: "raft", seed: 1, options: { electionTimeoutMs } }).recovery?.withinUs;
  expect([within(250), within(1_000)]).toEqual([4_000_000, 10_000_000]);
});
