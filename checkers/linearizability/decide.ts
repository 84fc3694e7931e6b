/**
 * One object's verdict within a budget of steps: passes over its history, from quick and inexact to
 * thorough. Every pass proves something or nothing, never something wrong; see `PassKind`.
 */

import { ElasticPass } from "./elastic.js";
import type { Lineage } from "./lineage.js";
import type { Problem } from "./problem.js";
import { type PassEnd, type PassKind, Search } from "./search.js";

export type Decision<State> =
  | { valid: true; steps: number; trace: number }
  /** The shortest prefix that nothing explains ends with the return of operation `breaking` of the view. */
  | {
      valid: false;
      steps: number;
      breaking: number;
      position: number;
      possible: State[];
      isFirst: boolean;
    }
  /** The events before `position` (in `History.events`) are linearizable. */
  | { valid: "unknown"; steps: number; position: number; reason: string };

/**
 * After the elastic pass, for what it leaves open. Each may spend the given part of the steps that
 * are left; the last width bounds memory.
 */
const PASSES: readonly { kind: PassKind; widthMax: number; part: number }[] = [
  { kind: "lavish", widthMax: 128, part: 1 / 4 },
  { kind: "slack", widthMax: 256, part: 1 / 2 },
  { kind: "exact", widthMax: 1 << 17, part: 1 },
];

/** @param lineage receives how the surviving configuration came about, when the history is valid. */
export function decide<State>(
  problem: Problem<State>,
  stepsMax: number,
  lineage?: Lineage,
): Decision<State> {
  const search = new Search(problem, lineage);
  const first = new ElasticPass(problem, search).run(Math.floor((stepsMax * 3) / 4));
  let proven = 0;
  let exhausted = false;
  const passes = [() => first, ...PASSES.map((pass) => () => next(pass))];
  const next = ({ kind, widthMax, part }: (typeof PASSES)[number]): PassEnd<State> | undefined => {
    if (kind === "lavish" && problem.slotCount === 0) return undefined;
    const limit = search.steps + Math.floor((stepsMax - search.steps) * part);
    const pass = search.pass(kind, widthMax, limit);
    return kind === "lavish" && (pass.end !== "died" || pass.lossy) ? undefined : pass;
  };
  for (const take of passes) {
    const pass = take();
    if (pass === undefined) continue;
    const { steps } = search;
    if (pass.end === "survived") return { valid: true, steps, trace: pass.trace };
    if (pass.end === "died" && !pass.lossy) {
      const { breaking, position, possible, isFirst } = pass;
      return { valid: false, steps, breaking, position, possible, isFirst };
    }
    proven = Math.max(proven, pass.position);
    exhausted = pass.end === "exhausted";
  }
  const reason = exhausted
    ? `the budget of ${stepsMax} steps is spent`
    : `more than ${PASSES.at(-1)!.widthMax} configurations at once`;
  return { valid: "unknown", steps: search.steps, position: proven, reason };
}
