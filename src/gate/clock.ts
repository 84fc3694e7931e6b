/** Wall-clock time behind a seam, so that what a gate does with its budget can be tested without waiting. */

export interface Clock {
  /** Milliseconds from some fixed instant; never backwards. */
  now(): number;
  /** Calls `action` at that time, or soon when it has passed; the result calls it off. */
  at(timeMs: number, action: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  at: (timeMs, action) => {
    const timer = setTimeout(action, Math.max(0, timeMs - performance.now()));
    return () => clearTimeout(timer);
  },
};
