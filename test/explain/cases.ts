/** Failing plans to explain: one made by hand that fails however it is drawn, others found by seed. */

import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";

/**
 * A primary that is not fenced is cut off; the others promote a new one; both take writes, and in the
 * end they do not agree. Every node is written to and read at, since nobody knows who leads.
 */
export function twoPrimaries(): Plan {
  const plan = planRun({
    seed: 11,
    system: "primary-backup",
    bugs: ["no-fencing"],
    nemesis: ["none"],
    nodes: 3,
    clients: 7,
    operations: 7,
    timeLimitMs: 6_000,
  });
  const at = (id: number, atUs: number, node: string, f: "read" | "write") => ({
    ...{ id, client: id, atUs, node, f, key: "x", value: f === "write" ? id + 1 : null },
  });
  return {
    ...plan,
    operations: [
      at(0, 1_500_000, "n1", "write"),
      ...plan.nodes.map((node, i) => at(1 + i, 3_500_000, node, "write")),
      ...plan.nodes.map((node, i) => at(4 + i, 4_600_000, node, "read")),
    ],
    faults: [
      {
        id: 1,
        kind: "partition",
        shape: "isolate-leader",
        isolate: { role: "leader", else: "n1" },
        direction: "both",
        atUs: 2_000_000,
        untilUs: 5_500_000,
      },
      { id: 2, kind: "duplicate", ppm: 50_000, atUs: 100_000, untilUs: 900_000 },
    ],
  };
}

/** The plan of the first seed that fails, from one on that did when this was written. */
export async function firstFailing(request: RunRequest, seedsMax = 100): Promise<Plan> {
  for (let seed = request.seed; seed < request.seed + seedsMax; seed++) {
    const plan = planRun({ ...request, seed });
    if ((await execute(plan)).valid === false) return plan;
  }
  throw new Error(`none of ${seedsMax} seeds fails: the bug is not seen any more`);
}
