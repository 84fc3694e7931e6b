import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { type Execution, execute } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { plans } from "../plan/arbitrary.js";

const NODES = ["n1", "n2", "n3"];
const anyPlan = fc
  .constantFrom(
    { system: "quorum", workload: "register" },
    { system: "raft", workload: "kv" },
    { system: "primary-backup", workload: "kv" },
  )
  .chain((choice) => plans({ ...choice, nodes: NODES, clients: 3 }));

/** What two runs of one plan must have in common. */
function promised({ traceHash, historyHash, checkpoints, valid, probes, log }: Execution) {
  return { traceHash, historyHash, checkpoints, valid, probes, log };
}

/** What clients saw, line by line, before a moment. */
function seen({ history }: Execution, beforeUs = Number.POSITIVE_INFINITY): string[] {
  return history.events
    .filter(({ process, time }) => typeof process === "number" && time < beforeUs * 1000)
    .map(({ index: _, ...event }) => JSON.stringify(event));
}

describe("any sound plan", () => {
  test("can be run, and again from its file, and is the same run", async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.boolean(), async (plan, record) => {
        const first = await execute(plan);
        const saved = parsePlan(JSON.parse(JSON.stringify(plan)) as Json, "a file");
        const again = await execute(saved, { record });
        expect(promised(again)).toEqual(promised(first));
        expect(first.exactness).toBe("bit");
      }),
      { numRuns: 30 },
    );
  });

  test("has the same past when something is taken out of its future", async () => {
    const cut = fc.record({ fault: fc.boolean(), which: fc.nat() });
    await fc.assert(
      fc.asyncProperty(anyPlan, cut, async (plan, { fault, which }) => {
        const list = fault ? plan.faults : plan.operations;
        const gone = list[which % Math.max(1, list.length)];
        if (gone === undefined) return;
        const without: Plan = fault
          ? { ...plan, faults: plan.faults.filter((one) => one !== gone) }
          : { ...plan, operations: plan.operations.filter((one) => one !== gone) };
        const [before, after] = [await execute(plan), await execute(without)];
        expect(seen(after, gone.atUs)).toEqual(seen(before, gone.atUs));
      }),
      { numRuns: 30 },
    );
  });

  test("has the same run when faults are put in that do nothing", async () => {
    const span = { atUs: 100_000, untilUs: 1_500_000 };
    const idle: Plan["faults"] = [
      { id: 900, ...span, kind: "loss", ppm: 0 },
      { id: 901, ...span, kind: "delay", delayUs: 0, jitterUs: 0 },
      { id: 902, ...span, kind: "reorder", ppm: 0, byUs: 0 },
      { id: 903, ...span, kind: "clock-step", target: "n1", byUs: 0 },
      { id: 904, ...span, kind: "clock-rate", target: "n2", ppm: 0 },
      { id: 905, ...span, kind: "partition", shape: "none", groups: [NODES] },
    ];
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        // Of several drifts of a clock the latest counts: a drift of 0 ends another, it is not idle.
        const drifts = plan.faults.some(({ kind }) => kind === "clock-rate");
        const added = idle.filter(({ kind }) => kind !== "clock-rate" || !drifts);
        const more = { ...plan, faults: [...plan.faults, ...added] };
        expect(seen(await execute(more))).toEqual(seen(await execute(plan)));
      }),
      { numRuns: 30 },
    );
  });
});
