/** Wall-clock time behind a seam, so that what a gate does with its budget can be tested without waiting. */

export interface Clock {
  /** Milliseconds from some fixed instant; never backwards. */
  now(): number;
}

export const realClock: Clock = { now: () => performance.now() };
