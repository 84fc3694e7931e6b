/**
 * Hybrid logical clocks (Kulkarni, Demirbas, Madappa, Avva, Leone 2014): time stamps that respect
 * causality as Lamport's (1978) do, and stay near the calendar as far as the calendars agree.
 *
 * A stamp is (milliseconds, count, node). A new one is above every stamp that its node has seen;
 * the calendar only says how far above. With calendars that stand still they are Lamport's stamps.
 */

export type Stamp = { ms: number; count: number; node: string };

export const firstStamp: Stamp = { ms: 0, count: 0, node: "" };

/** Negative when `left` is earlier; stamps of two nodes never compare equal. */
export function compareStamps(left: Stamp, right: Stamp): number {
  if (left.ms !== right.ms) return left.ms - right.ms;
  if (left.count !== right.count) return left.count - right.count;
  return left.node < right.node ? -1 : left.node > right.node ? 1 : 0;
}

export class HybridClock {
  readonly #node: string;
  #latest = firstStamp;

  constructor(node: string) {
    this.#node = node;
  }

  /** Later stamps will be above this one. */
  witness(stamp: Stamp): void {
    if (compareStamps(stamp, this.#latest) > 0) this.#latest = stamp;
  }

  /** A stamp above all that were witnessed or given. `wallMs`: the calendar, or 0 for Lamport's. */
  next(wallMs: number): Stamp {
    const { ms, count } = this.#latest;
    const isLater = Math.floor(wallMs) > ms;
    const stamp = isLater
      ? { ms: Math.floor(wallMs), count: 0, node: this.#node }
      : { ms, count: count + 1, node: this.#node };
    this.#latest = stamp;
    return stamp;
  }
}
