/**
 * Statements that one version of a key comes before another, and whether they contradict each
 * other.
 */

import { INITIAL } from "./versions.js";

export interface Precedence {
  /** Versions; INITIAL comes before all others. */
  before: number;
  after: number;
  /** The micro-operations that say so. */
  earlier: number;
  later: number;
}

/**
 * A shortest cycle through the first version that is on any; undefined when there is none. O(size),
 * unless there is.
 */
export function cycleAmong(pairs: readonly Precedence[]): Precedence[] | undefined {
  const toInitial = pairs.find(({ after }) => after === INITIAL);
  if (toInitial !== undefined) return [toInitial];
  const from = new Map<number, Precedence[]>();
  const degree = new Map<number, number>();
  for (const pair of pairs) {
    const list = from.get(pair.before);
    if (list === undefined) from.set(pair.before, [pair]);
    else list.push(pair);
    degree.set(pair.before, degree.get(pair.before) ?? 0);
    degree.set(pair.after, (degree.get(pair.after) ?? 0) + 1);
  }
  const free = [...degree].flatMap(([version, count]) => (count === 0 ? [version] : []));
  for (const version of free) {
    for (const { after } of from.get(version) ?? []) {
      const left = degree.get(after)! - 1;
      degree.set(after, left);
      if (left === 0) free.push(after);
    }
  }
  if (free.length === degree.size) return undefined;
  const rest = [...degree].flatMap(([version, count]) => (count > 0 ? [version] : []));
  for (const version of rest.sort((a, b) => a - b)) {
    const cycle = cycleThrough(version, from);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function cycleThrough(
  version: number,
  from: ReadonlyMap<number, readonly Precedence[]>,
): Precedence[] | undefined {
  const cameBy = new Map<number, Precedence>();
  const queue = [version];
  for (const next of queue) {
    for (const pair of from.get(next) ?? []) {
      if (cameBy.has(pair.after)) continue;
      cameBy.set(pair.after, pair);
      if (pair.after !== version) {
        queue.push(pair.after);
        continue;
      }
      const cycle: Precedence[] = [];
      for (let at = version; cycle.length === 0 || at !== version; ) {
        const step = cameBy.get(at)!;
        cycle.unshift(step);
        at = step.before;
      }
      return cycle;
    }
  }
  return undefined;
}
