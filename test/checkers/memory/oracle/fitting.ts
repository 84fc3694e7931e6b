/**
 * What a program may see under a model: reads are answered one after the other, in any order, each with
 * a random value that the model still allows beside the answers so far. Where there is none the history
 * is one that the model forbids, if barely.
 */

import { historyOf, INIT } from "../notation.js";
import { oracleOf } from "./oracle.js";
import {
  type Decide,
  type Instruction,
  leaves,
  looks,
  type Observed,
  sessionsOf,
} from "./programs.js";

export function fitting(model: string, program: readonly Instruction[], decide: Decide): Observed {
  const observed: Observed = program.map(() => undefined);
  const places = shuffled(
    program.flatMap((instruction, at) => (looks(instruction) ? [at] : [])),
    decide,
  );
  for (const place of places) {
    const { key } = program[place]!;
    const written = program.filter((write) => leaves(write) && write.key === key);
    for (const value of shuffled([0, ...written.map(({ left }) => left)], decide)) {
      observed[place] = value;
      if (isAllowed(model, program, observed)) break;
    }
  }
  return observed;
}

/** Without the reads that have no answer yet; updates without one are plain writes. */
function isAllowed(model: string, program: readonly Instruction[], observed: Observed): boolean {
  const known = program.flatMap((instruction, at) => {
    if (!looks(instruction) || observed[at] !== undefined) return [{ instruction, at }];
    if (!leaves(instruction)) return [];
    return [{ instruction: { ...instruction, f: "write" as const }, at }];
  });
  const sessions = sessionsOf(
    known.map(({ instruction }) => instruction),
    known.map(({ at }) => observed[at]),
  );
  return oracleOf(historyOf(sessions), { init: INIT }).allows(model) === true;
}

function shuffled<T>(items: readonly T[], decide: Decide): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(decide(rest.length), 1)[0]!);
}
