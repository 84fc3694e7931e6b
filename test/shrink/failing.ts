/** Plans that fail, found anew by each test: a seed that fails today may pass with tomorrow's draws. */

import { type Execution, execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { type ShrinkRequest, type Shrunk, shrink } from "../../src/shrink/index.js";
import { signatureOf } from "../../src/store/summary.js";
import { systems } from "../../systems/index.js";

export interface Failing {
  plan: Plan;
  signature: string;
  execution: Execution;
}

const SEEDS_MAX = 300;

const found = new Map<string, Promise<Failing>>();

/** The first seed that fails; looked for once. */
export function failing(request: Omit<RunRequest, "seed">): Promise<Failing> {
  const key = JSON.stringify(request);
  const known = found.get(key) ?? search(request);
  found.set(key, known);
  return known;
}

async function search(request: Omit<RunRequest, "seed">): Promise<Failing> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = planRun({ ...request, seed });
    const execution = await execute(plan);
    const signature = signatureOf(execution.results, plan.workload);
    if (signature !== null) return { plan, signature, execution };
  }
  throw new Error(`no seed up to ${SEEDS_MAX} fails: ${JSON.stringify(request)}`);
}

export function shrunk(
  { plan, signature }: Pick<Failing, "plan" | "signature">,
  more: Partial<ShrinkRequest> = {},
): Promise<Shrunk> {
  const nodeCounts = systems.get(plan.system)?.nodeCounts;
  return shrink({
    plan,
    signature,
    execute: (candidate) => execute(candidate),
    ...(nodeCounts === undefined ? {} : { nodeCounts }),
    ...more,
  });
}

/** What a plan gives, by a run of its own. */
export async function signatureNow(plan: Plan): Promise<string | null> {
  const { results } = await execute(plan);
  return signatureOf(results, plan.workload);
}
