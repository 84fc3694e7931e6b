/**
 * Which checkers still judge where a plan went beyond what its system promises.
 *
 * What is exceeded is read off the faults that the plan has, so that one that says `beyond` and
 * exceeds nothing is judged in full, and so is what is left of one after shrinking. A checker holds
 * where the system lists it for every excess; what the others find is noted, and is no anomaly: not
 * even a value that nobody wrote, since nobody promised anything.
 */

import { type Checker, tolerated } from "../../checkers/index.js";
import type { System } from "../../systems/index.js";
import type { Plan } from "../plan/plan.js";
import { budgetOf, type Excess, excessesOf } from "./budget.js";
import { inTime, isTooWeak } from "./timing.js";

/** In what a plan exceeds the promise on purpose; nothing for a plan that does not say so. */
export function excessesIn(plan: Plan, system: System | undefined): Excess[] {
  if (!plan.beyond) return [];
  const found = excessesOf(plan, budgetOf(system, plan.nodes.length));
  return isTimely(plan, system) ? found : [...found, "timing"];
}

/** Whether messages were as fast as the system needs them to be. */
function isTimely(plan: Plan, system: System | undefined): boolean {
  if (system?.survives?.timing === undefined) return true;
  const { timing, faults } = plan;
  if (isTooWeak(timing?.model ?? "asynchronous", system)) return false;
  return faults.every((fault) => inTime(fault, plan) === fault);
}

/** Each checker as it was where it must hold, and only taking notes where not. */
export function heldBeyond(
  judges: readonly Checker[],
  excesses: readonly Excess[],
  holds: System["beyond"] = {},
): Checker[] {
  if (excesses.length === 0) return [...judges];
  const because = `beyond the promise: ${excesses.join(", ")}`;
  const isHeld = (name: string): boolean =>
    excesses.every((excess) => holds[excess]?.includes(name) === true);
  return judges.map((judge) =>
    isHeld(judge.name) ? judge : tolerated(judge, because, { wholly: true }),
  );
}
