/**
 * A receiver's window: entries that came before others that they follow, kept until those are there.
 *
 * Sequence numbers are whole places in the log, so that each stands for one entry of its epoch for ever. A
 * number that is cut to a few bits stands for many: a receiver that keeps what comes early must not have
 * begun a new round of numbers while old entries are still under way, hence at least twice as many numbers
 * as places in the window (Tanenbaum, Computer Networks, selective repeat); and where messages may be late
 * by any time, no finite number of them is enough.
 */

import type { Request } from "../primary-backup/messages.js";

export class ReceiveWindow {
  readonly #size: number;
  /** How many sequence numbers there are; Infinity where they never come again. */
  readonly #space: number;
  readonly #early = new Map<number, Request | null>();

  constructor(size: number, space: number) {
    this.#size = size;
    this.#space = space;
  }

  /** Keeps an entry, `length` being held already. Its place, or undefined for one outside the window. */
  put(length: number, sequence: number, request: Request | null): number | undefined {
    const index = this.#placeOf(length, sequence);
    if (index < length || index >= length + this.#size) return undefined;
    if (!this.#early.has(index)) this.#early.set(index, request);
    return index;
  }

  /** Takes out the entry of that place; undefined when it has not come. */
  take(index: number): Request | null | undefined {
    const request = this.#early.get(index);
    this.#early.delete(index);
    return request;
  }

  get isEmpty(): boolean {
    return this.#early.size === 0;
  }

  /** The place after the last entry that is here, or 0. */
  get end(): number {
    return Math.max(0, ...[...this.#early.keys()].map((index) => index + 1));
  }

  clear(): void {
    this.#early.clear();
  }

  #placeOf(length: number, sequence: number): number {
    if (!Number.isFinite(this.#space)) return sequence;
    const number = sequence % this.#space;
    return length + ((number - (length % this.#space) + this.#space) % this.#space);
  }
}
