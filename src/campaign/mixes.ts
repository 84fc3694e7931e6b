/**
 * One `--mix` for several workloads: each takes what it knows of it, and what none knows is refused.
 */

import { UsageError } from "../base/errors.js";
import { unknownName } from "../base/names.js";
import type { SwarmRequest } from "../controller/plan-swarm.js";
import type { RunSpec, Workshop } from "./prepare.js";

/**
 * The mix of each of the runs, in their order.
 * @throws UsageError for a function that none of their workloads chooses; also what planning them throws.
 */
export async function mixesOf(
  asked: SwarmRequest["mix"],
  specs: readonly RunSpec[],
  workshop: Workshop,
): Promise<Pick<RunSpec, "mix">[]> {
  if (asked === undefined) return specs.map(() => ({}));
  const known: Set<string>[] = [];
  for (const spec of specs) known.push(await functionsOf(spec, workshop));
  for (const f of Object.keys(asked)) {
    if (known.some((functions) => functions.has(f))) continue;
    const all = new Set(known.flatMap((functions) => [...functions]));
    throw new UsageError(unknownName("function to mix", f, all));
  }
  return known.map((functions) => ({
    mix: Object.fromEntries(Object.entries(asked).filter(([f]) => functions.has(f))),
  }));
}

/** What clients choose among: every swarm tells. */
async function functionsOf(spec: RunSpec, workshop: Workshop): Promise<Set<string>> {
  const { rates: _, mix: __, ...rest } = spec;
  const { swarm } = await workshop.plan({ ...rest, nemesis: ["swarm"], operations: 1 });
  return new Set(Object.keys(swarm?.mix ?? {}));
}
