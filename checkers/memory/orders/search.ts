/**
 * Orders the writes of every key, one pair after the other, until all is ordered or nothing is left to
 * try: writes are inserted into their key's line in the order of a guess; a pair that the closure leaves
 * open is ordered as guessed, and the other way round where that closes a cycle. Where both do, the
 * youngest guess that was not turned round yet is. Complete; exponential at worst, though a history
 * that is not made for it rarely takes back more than the last guess.
 */

import { isWrite } from "../accesses.js";
import type { Closure } from "./closure.js";
import type { Problem } from "./problem.js";

interface Guess {
  from: number;
  to: number;
  /** Edges before it. */
  edges: number;
}

/** True where all writes are ordered, false where they cannot be, undefined after `stepsMax`. */
export function orderWrites(
  problem: Problem,
  closure: Closure,
  guess: Int32Array,
  stepsMax: number,
): boolean | undefined {
  const { accesses, edges } = problem;
  const writes = guess.filter((node) => node < accesses.size && isWrite(accesses.kind[node]!));
  const guesses: Guess[] = [];
  let lines: number[][] = Array.from({ length: accesses.keys }, () => []);
  let next = 0;
  while (next < writes.length) {
    if (closure.steps > stepsMax) return undefined;
    const write = writes[next]!;
    const line = lines[accesses.key[write]!]!;
    let at = line.length;
    let open = -1;
    for (; at > 0; at--) {
      open = line[at - 1]!;
      if (closure.reaches(open, write)) break;
      if (!closure.reaches(write, open)) {
        const before = edges.count;
        closure.mark();
        if (closure.add(open, write)) {
          guesses.push({ from: open, to: write, edges: before });
          break;
        }
        closure.undo();
        if (!closure.add(write, open)) {
          if (!turnYoungest(closure, guesses)) return false;
          at = -1;
          break;
        }
      }
    }
    if (at < 0) {
      lines = lines.map(() => []);
      next = 0;
      continue;
    }
    line.splice(at, 0, write);
    next++;
  }
  return true;
}

/** Takes guesses back until one of them can be turned round; false where none can. */
function turnYoungest(closure: Closure, guesses: Guess[]): boolean {
  for (let guess = guesses.pop(); guess !== undefined; guess = guesses.pop()) {
    closure.undo();
    closure.rewind(guess.edges);
    closure.mark();
    if (closure.add(guess.to, guess.from)) return true;
  }
  return false;
}
