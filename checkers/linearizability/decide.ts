/**
 * One object's verdict within a budget of steps: passes over its history, from quick and inexact to
 * thorough. Every pass proves something or nothing, never something wrong; see `PassKind`.
 */

import type { Problem } from "./problem.js";
import { type PassKind, Search } from "./search.js";

export type Decision<State> =
  | { valid: true; steps: number }
  /** The shortest prefix that nothing explains ends with the return of operation `breaking` of the view. */
  | { valid: false; steps: number; breaking: number; position: number; possible: State[] }
  /** The events before `position` (in `History.events`) are linearizable. */
  | { valid: "unknown"; steps: number; position: number; reason: string };

/**
 * Narrow passes first: what survives one is linearizable whatever was left out. Each may spend the
 * given part of the steps that are left; the last width bounds memory.
 */
const PASSES: readonly { kind: PassKind; widthMax: number; part: number }[] = [
  { kind: "slack", widthMax: 24, part: 1 / 4 },
  { kind: "lavish", widthMax: 128, part: 1 / 4 },
  { kind: "slack", widthMax: 256, part: 1 / 2 },
  { kind: "exact", widthMax: 1 << 17, part: 1 },
];

export function decide<State>(problem: Problem<State>, stepsMax: number): Decision<State> {
  const search = new Search(problem);
  let proven = 0;
  let exhausted = false;
  for (const { kind, widthMax, part } of PASSES) {
    if (kind === "lavish" && problem.slotCount === 0) continue;
    const limit = search.steps + Math.floor((stepsMax - search.steps) * part);
    const pass = search.pass(kind, widthMax, limit);
    const { steps } = search;
    if (pass.end === "died" && !pass.lossy) {
      const { breaking, position, possible } = pass;
      return { valid: false, steps, breaking, position, possible };
    }
    if (kind === "lavish") continue;
    if (pass.end === "survived") return { valid: true, steps };
    proven = Math.max(proven, pass.position);
    exhausted = pass.end === "exhausted";
  }
  const reason = exhausted
    ? `the budget of ${stepsMax} steps is spent`
    : `more than ${PASSES.at(-1)!.widthMax} configurations at once`;
  return { valid: "unknown", steps: search.steps, position: proven, reason };
}
