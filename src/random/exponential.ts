/**
 * Exponential waiting times, exact: von Neumann's method (1951), which compares uniform draws and
 * computes nothing, so that no logarithm has to be bit-equal across engines.
 */

import type { Random } from "./random.js";

/** Values that a uniform draw can have. */
const GRAIN = 2 ** 30;

/** A draw with the given mean, in its unit, rounded to a whole number. About 6 words of the stream. */
export function exponentialOf(random: Random, mean: number): number {
  // The integer part is the number of failures, the fraction the first draw of the success.
  for (let whole = 0; ; whole++) {
    const first = random.int(GRAIN);
    let last = first;
    let length = 1;
    for (;;) {
      const next = random.int(GRAIN);
      if (next >= last) break;
      last = next;
      length++;
    }
    if (length % 2 === 1) return Math.round(mean * (whole + first / GRAIN));
  }
}
