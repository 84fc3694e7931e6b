/** Each fault and each operation that is left, proven: the run without it. */

import type { Plan } from "../plan/plan.js";
import type { Without } from "./explanation.js";
import type { Lab, Outcome } from "./lab.js";

export function withoutFault(plan: Plan, id: number): Plan {
  return { ...plan, faults: plan.faults.filter((fault) => fault.id !== id) };
}

export function withoutOperation(plan: Plan, id: number): Plan {
  return { ...plan, operations: plan.operations.filter((operation) => operation.id !== id) };
}

/** Runs a plan that lacks something. */
export async function proven(lab: Lab, plan: Plan, signature: string): Promise<Without> {
  const outcome = await lab.outcome(plan);
  const { passes, valid } = outcome;
  return { passes, valid, signature: outcome.signature, words: wordsOf(outcome, signature) };
}

function wordsOf({ valid, signature, passes }: Outcome, expected: string): string {
  if (passes) return "without it the run passes";
  if (valid === "unknown") return "without it the verdict is unknown";
  if (signature === expected) return "without it the run fails all the same";
  return `without it the run fails in another way (${signature})`;
}
