/**
 * How a timing model bends the arrivals of a network: bounded ones come in time whatever their link
 * is like, and asynchronous ones follow a heavy tail.
 *
 * The tail is that of a Pareto distribution with exponent 1, in integers: one message in n is n times
 * as late as the usual one, up to some seconds. One in a hundred is later than a hundred times.
 */

import type { Timing } from "../plan/timing.js";

/** Quantiles at the midpoints of so many slices; the last one is divided once more. */
const SLICES = 64;

export class Pace {
  readonly #timing: Timing;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /** Whether links between nodes are without bound and order now. */
  isWild(nowUs: number): boolean {
    return this.#timing.model === "asynchronous" && nowUs < this.#timing.untilUs;
  }

  /** The last moment at which something that sets out now may arrive. */
  latest(nowUs: number): number {
    const timing = this.#timing;
    return this.boundFrom(nowUs) + (timing.model === "asynchronous" ? 0 : timing.boundUs);
  }

  /** From when on the bound holds of what is under way now. */
  boundFrom(nowUs: number): number {
    switch (this.#timing.model) {
      case "synchronous":
        return nowUs;
      case "partially-synchronous":
        return Math.max(nowUs, this.#timing.stabilisesAtUs);
      case "asynchronous":
        return Number.POSITIVE_INFINITY;
    }
  }
}

/** A draw whose median is twice the scale, from two uniform words; at most 8,192 times the scale. */
export function heavyTailed(word: number, second: number, scaleUs: number): number {
  const slice = word >>> 26;
  if (slice < SLICES - 1) return quantile(slice, scaleUs);
  return SLICES * quantile(second >>> 26, scaleUs);
}

/** 1 / (1 - u) at the midpoint of a slice. */
function quantile(slice: number, scaleUs: number): number {
  return Math.floor((2 * SLICES * scaleUs) / (2 * (SLICES - slice) - 1));
}
