/**
 * One object's verdict within a budget of steps: passes over its history, from quick and inexact to
 * thorough. Every pass proves something or nothing, never something wrong; see `PassKind`.
 */

import type { Lineage } from "./lineage.js";
import type { Problem } from "./problem.js";
import { type PassEnd, type PassKind, Search } from "./search.js";

export type Decision<State> =
  | { valid: true; steps: number; trace: number }
  /** The shortest prefix that nothing explains ends with the return of operation `breaking` of the view. */
  | { valid: false; steps: number; breaking: number; position: number; possible: State[] }
  /** The events before `position` (in `History.events`) are linearizable. */
  | { valid: "unknown"; steps: number; position: number; reason: string };

/**
 * Narrow passes first: what survives one is linearizable whatever was left out. Each may spend the
 * given part of the steps that are left; the last width bounds memory.
 */
const PASSES: readonly { kind: PassKind; widthMax: number; part: number }[] = [
  { kind: "slack", widthMax: 24, part: 1 / 2 },
  { kind: "lavish", widthMax: 128, part: 1 / 4 },
  { kind: "slack", widthMax: 256, part: 1 / 2 },
  { kind: "exact", widthMax: 1 << 17, part: 1 },
];

/** Events before the death of the first pass from which a window starts, nearest first. */
const WINDOWS = [1 << 9, 1 << 12, 1 << 15];
const WINDOW_WIDTH_MAX = 4096;

/** @param lineage receives how the surviving configuration came about, when the history is valid. */
export function decide<State>(
  problem: Problem<State>,
  stepsMax: number,
  lineage?: Lineage,
): Decision<State> {
  const search = new Search(problem, lineage);
  let proven = 0;
  let exhausted = false;
  for (const [i, { kind, widthMax, part }] of PASSES.entries()) {
    if (kind === "lavish" && problem.slotCount === 0) continue;
    const limit = search.steps + Math.floor((stepsMax - search.steps) * part);
    const pass = search.pass(kind, widthMax, limit);
    const { steps } = search;
    if (pass.end === "died" && !pass.lossy) return invalid(pass, steps);
    if (kind === "lavish") continue;
    if (pass.end === "survived") return { valid: true, steps, trace: pass.trace };
    proven = Math.max(proven, pass.position);
    exhausted = pass.end === "exhausted";
    if (i > 0 || exhausted || pass.end !== "died") continue;
    const death = lookBack(search, problem, pass.event, stepsMax);
    if (death !== undefined) return invalid(death, search.steps);
  }
  const reason = exhausted
    ? `the budget of ${stepsMax} steps is spent`
    : `more than ${PASSES.at(-1)!.widthMax} configurations at once`;
  return { valid: "unknown", steps: search.steps, position: proven, reason };
}

type Death<State> = Extract<PassEnd<State>, { end: "died" }>;

function invalid<State>({ breaking, position, possible }: Death<State>, steps: number) {
  return { valid: false, steps, breaking, position, possible } as const;
}

/**
 * Where a pass died that proves nothing, the reason is mostly near: it is looked for in the
 * last events alone, whatever was before them.
 */
function lookBack<State>(
  search: Search<State>,
  problem: Problem<State>,
  event: number,
  stepsMax: number,
): Death<State> | undefined {
  for (const length of WINDOWS) {
    const limit = search.steps + Math.floor((stepsMax - search.steps) / 8);
    const end = Math.min(problem.events.count, event + length);
    const pass = search.window(Math.max(0, event - length), end, WINDOW_WIDTH_MAX, limit);
    if (pass === undefined) return undefined;
    if (pass.end === "died" && !pass.lossy) return pass;
    if (length > event) return undefined;
  }
  return undefined;
}
