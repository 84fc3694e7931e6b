/**
 * The proof that a plan is 1-minimal: each fault and each operation is taken away in turn, and the
 * run then does not fail in the same way.
 *
 * Where it fails in another way, a second removal may bring the first way back, so each is tried;
 * small plans have all pairs tried. n runs for n parts, n²/2 more for pairs.
 */

import type { Validity } from "../../checkers/index.js";
import type { Plan } from "../plan/plan.js";
import { onlyFaults } from "./faults.js";
import { onlyOperations } from "./operations.js";
import type { Trials } from "./trials.js";

export interface Removal {
  what: "fault" | "operation";
  id: number;
  /** The verdict without it. */
  valid: Validity;
  /** How it failed instead, when it failed in another way. */
  signature: string | null;
}

/** A plan of at most so many parts has every pair of them tried. */
const PAIRS_PARTS_MAX = 14;
/** Parts whose second removals are tried, where a removal fails in another way. */
const SECOND_PARTS_MAX = 40;

type Part = Pick<Removal, "what" | "id">;

/** What each removal gives; undefined when one still failed in the same way: the plan is smaller now. */
export async function proveMinimal(trials: Trials): Promise<Removal[] | undefined> {
  const { plan } = trials;
  const parts = partsOf(plan);
  const proof: Removal[] = [];
  for (const part of parts) {
    const outcome = await trials.outcome(without(plan, part));
    if (trials.plan !== plan) return undefined;
    proof.push({ ...part, valid: outcome.valid, signature: outcome.signature });
  }
  for (const [i, part] of parts.entries()) {
    for (const other of secondsOf(parts, i, proof[i] as Removal)) {
      if (await trials.accepts(without(without(plan, part), other))) return undefined;
    }
  }
  return proof;
}

function secondsOf(parts: readonly Part[], i: number, { signature }: Removal): readonly Part[] {
  if (parts.length <= PAIRS_PARTS_MAX) return parts.slice(i + 1);
  if (signature === null || parts.length > SECOND_PARTS_MAX) return [];
  return parts.filter((_, j) => j !== i);
}

function partsOf({ faults, operations }: Plan): Part[] {
  return [
    ...faults.map(({ id }): Part => ({ what: "fault", id })),
    ...operations.map(({ id }): Part => ({ what: "operation", id })),
  ];
}

/** The plan with one part less; all other parts keep their numbers. */
export function without(plan: Plan, { what, id }: Part): Plan {
  const others = <T extends { id: number }>(items: readonly T[]): T[] =>
    items.filter((item) => item.id !== id);
  return what === "fault"
    ? onlyFaults(plan, others(plan.faults))
    : onlyOperations(plan, others(plan.operations));
}
