import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Execution, execute, planRun } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { CHECKPOINT_EVENTS, type TraceRecord } from "../../src/sim/trace.js";
import { plans } from "../plan/arbitrary.js";

const NODES = ["n1", "n2", "n3"];
const anyPlan = fc
  .constantFrom(
    { system: "quorum", workload: "register" },
    { system: "raft", workload: "kv" },
    { system: "primary-backup", workload: "kv" },
  )
  .chain((choice) => plans({ ...choice, nodes: NODES, clients: 3 }));

const recorded = (plan: Plan): Promise<Execution> => execute(plan, { record: true });
const pastOf = ({ trace = [] }: Execution, atUs: number): TraceRecord[] =>
  trace.filter(({ timeUs }) => timeUs < atUs);

describe("a branch", () => {
  test("has the past of the run it branches from, bit for bit", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPlan,
        fc.nat(2_500_000),
        fc.nat(),
        async ({ branch: _, ...plan }, atUs, seed) => {
          const [run, branch] = [
            await recorded(plan),
            await recorded({ ...plan, branch: { atUs, seed } }),
          ];
          const past = pastOf(run, atUs);
          expect(pastOf(branch, atUs)).toEqual(past);
          const shared = Math.floor(past.length / CHECKPOINT_EVENTS);
          expect(branch.checkpoints.slice(0, shared)).toEqual(run.checkpoints.slice(0, shared));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("has a future for each seed, and the same one each time", async () => {
    const plan = planRun({ system: "raft", seed: 3, nemesis: ["partition"], operations: 40 });
    const branch = (seed: number, atUs = 1_500_000): Promise<Execution> =>
      execute({ ...plan, branch: { atUs, seed } });
    const hashes = [(await execute(plan)).traceHash];
    for (const seed of [1, 2, 3]) hashes.push((await branch(seed)).traceHash);
    expect(new Set(hashes).size).toBe(4);
    expect((await branch(1)).traceHash).toBe(hashes[1]);
    const never = await branch(1, plan.timeLimitUs + 3_600_000_000);
    expect(never.traceHash).toBe(hashes[0]);
  });

  test("at the very beginning is the run of the other seed", async () => {
    const plan = planRun({ system: "raft", seed: 3, nemesis: ["crash"], operations: 40 });
    const branch = await execute({ ...plan, branch: { atUs: 0, seed: 4 } });
    expect(branch.traceHash).toBe((await execute({ ...plan, seed: 4 })).traceHash);
  });
});

describe("every kind of draw", () => {
  /** What is drawn, in any order, by purpose: `node`, `link` … */
  const drawn = (records: readonly TraceRecord[]): Set<string> =>
    new Set(records.flatMap(({ draws = [] }) => draws.map((name) => name.split(/[/ ]/)[0] ?? "")));

  test("is told in the trace, and goes over to the other seed at the branch", async () => {
    const plan = planRun({
      system: "raft",
      seed: 5,
      nemesis: ["crash", "partition"],
      operations: 60,
    });
    const atUs = 1_000_000;
    const run = await recorded(plan);
    expect(drawn(run.trace ?? [])).toEqual(new Set(["node", "link", "fsync", "crash", "order"]));
    const branch = await recorded({ ...plan, branch: { atUs, seed: 6 } });
    expect(pastOf(branch, atUs)).toEqual(pastOf(run, atUs));
    // The event that follows differs only by what it drew: its successors come at other times.
    const [left, right] = [run, branch].map(({ trace = [] }) => trace[pastOf(run, atUs).length]);
    expect(left?.timeUs).toBe(right?.timeUs);
    expect(run.traceHash).not.toBe(branch.traceHash);
  });
});
