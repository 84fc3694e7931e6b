/** Decisions about chains and logs, as pure functions. */

import { type Extent, reachesFurther } from "../primary-backup/messages.js";
import type { Run } from "./messages.js";

/**
 * The chain of a new epoch, from those who granted it, given in the order to prefer among equals. The
 * one whose log reaches furthest is the head: it has everything that was ever acknowledged, if the
 * granters are a majority. Those who are behind by an epoch come in only to make up a majority.
 * O(n log n).
 */
export function chainOf(granters: ReadonlyMap<string, Extent>, majority: number): string[] {
  const ordered = [...granters].sort(([, left], [, right]) => {
    if (reachesFurther(left, right)) return -1;
    return reachesFurther(right, left) ? 1 : 0;
  });
  const latest = ordered[0]?.[1].epoch;
  return ordered
    .filter(([, { epoch }], i) => i < majority || epoch === latest)
    .map(([name]) => name);
}

/**
 * How many entries two logs have in common at their beginning. An epoch has one head, so entries of
 * one epoch at one place are the same, and so is all that stands before. O(runs).
 */
export function commonLength(left: readonly Run[], right: readonly Run[]): number {
  let common = 0;
  for (const [i, run] of left.entries()) {
    const other = right[i];
    if (other?.epoch !== run.epoch) break;
    common = Math.min(run.end, other.end);
    if (run.end !== other.end) break;
  }
  return common;
}
