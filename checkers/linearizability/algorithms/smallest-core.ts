/**
 * Makes a contradiction small by trying without parts of it: halves first, single ones last
 * (Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002).
 */

import type { ObjectView } from "../view.js";
import { asCore, restricted } from "./elements.js";

/** Operations judged in all attempts together; what is left then is small enough or has to do. */
const EFFORT_MAX = 4_000_000;

/**
 * `parts` are the operations of one element each; the history restricted to all of them and to
 * `fixed` is contradictory. Returns operations, in order, that still are.
 */
export function smallestCore(
  view: ObjectView,
  parts: readonly number[][],
  fixed: readonly number[],
  isContradictory: (view: ObjectView) => boolean,
): number[] {
  const together = (some: readonly number[][]): number[] => asCore(0, [...fixed, ...some.flat()]);
  let kept = parts;
  let effort = 0;
  for (let chunk = Math.ceil(kept.length / 2); chunk >= 1 && effort < EFFORT_MAX; ) {
    const before = kept.length;
    for (let start = 0; start < kept.length && effort < EFFORT_MAX; ) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + chunk)];
      const attempt = together(rest);
      effort += attempt.length;
      if (attempt.length > 0 && isContradictory(restricted(view, attempt))) kept = rest;
      else start += chunk;
    }
    if (chunk > 1) chunk = Math.ceil(chunk / 2);
    else if (kept.length === before) break;
  }
  return together(kept);
}
