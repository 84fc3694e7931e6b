/**
 * All critical cycles of a number of threads: the smallest executions that tell a memory model from
 * sequential consistency (D. Shasha, M. Snir, Efficient and Correct Execution of Parallel Programs that
 * Share Memory, TOPLAS 1988). No thread has more than two accesses, to different locations; no location has
 * more than three, of different threads.
 *
 * A cycle is a word of threads. A thread is one write, or two accesses to different locations with a
 * fence between or without. How a thread is left follows from what the next one starts with: a write is
 * overwritten (Coe) or read (Rfe), what was read is overwritten (Fre), and a read cannot follow a read. A thread
 * of one write stands where a location has three accesses, and the third reads: what else could follow
 * it would make its two edges one. Two words that are rotations of each other are the same cycle.
 *
 * Cost: all words, 5^threads, each with its rotations.
 */

import {
  type Cycle,
  type CycleThread,
  leastRotation,
  normalized,
  type Points,
  pointsInOrder,
  spellCycle,
  threadOf,
} from "./cycle.js";
import { type Direction, edge, programEdge } from "./edge.js";

export interface CriticalOptions {
  /** Also with fences within threads. Default true. */
  readonly fences?: boolean;
}

/** In a fixed order: by family, then unfenced first. 2 threads 21, 3 100, 4 490, 5 2,520, 6 13,910. */
export function criticalCycles(threads: number, { fences = true }: CriticalOptions = {}): Cycle[] {
  return words(threads).flatMap((word) => {
    const plain = word.map((points, i) => thread(points, word[(i + 1) % word.length]!, false));
    return fences ? fencings(plain) : [{ threads: plain }];
  });
}

/** Words of points that chain, of rotations the least. */
function words(length: number): Points[][] {
  const result: Points[][] = [];
  const letters = pointsInOrder.filter((points) => points !== "R");
  const extend = (word: readonly Points[]): void => {
    if (word.length < length) {
      for (const next of letters) {
        if (word.length === 0 || follows(word.at(-1)!, next)) extend([...word, next]);
      }
      return;
    }
    const pairs = word.filter((points) => points.length === 2).length;
    if (pairs < 2 || !follows(word.at(-1)!, word[0]!)) return;
    const items = word.map((points) => ({ points }));
    const least = leastRotation(items);
    if (least.every(({ points }, i) => points === word[i])) result.push([...word]);
  };
  extend([]);
  return result;
}

function follows(points: Points, next: Points): boolean {
  if (points === "W") return next[0] === "R";
  return points.at(-1) === "W" || next[0] === "W";
}

function thread(points: Points, next: Points, fenced: boolean): CycleThread {
  const exit = points.at(-1) as Direction;
  const leaves = edge(exit === "R" ? "Fre" : next[0] === "R" ? "Rfe" : "Coe");
  if (points.length === 1) return threadOf([], leaves);
  const inner = programEdge(fenced ? "MFenced" : "Pod", points[0] as Direction, exit);
  return threadOf([inner], leaves);
}

/** The cycle with every choice of fences that is no rotation of another choice. */
function fencings(plain: readonly CycleThread[]): Cycle[] {
  const pairs = plain.flatMap(({ inner }, i) => (inner.length > 0 ? [i] : []));
  const cycles: Cycle[] = [];
  for (let choice = 0; choice < 2 ** pairs.length; choice++) {
    const threads = plain.map((one, i) => {
      const fenced = ((choice >> pairs.indexOf(i)) & 1) === 1;
      return one.inner.length > 0 && fenced
        ? threadOf([{ ...one.inner[0]!, relation: "MFenced" }], one.leaves)
        : one;
    });
    const cycle = { threads };
    if (spellCycle({ threads: normalized(threads) }) === spellCycle(cycle)) cycles.push(cycle);
  }
  return cycles;
}
