/**
 * What one node keeps on its disk: the epoch it has promised, to whom, and its log.
 *
 * Everything is written at once and durable later: whoever lets another node count on something
 * says so inside `whenDurable`. Left out: snapshots, so the log only grows.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";
import type { Entry, Extent } from "./messages.js";

export class Journal {
  readonly #disk: Disk;
  readonly #entries: Entry[];
  #epoch = 0;
  #promisedTo: string | null = null;
  /** Changes made, and how many of them are durable. */
  #written = 0;
  #synced = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
    this.#entries = disk.records("log") as Entry[];
    const promise = disk.read("promise") as { epoch: number; to: string | null } | undefined;
    if (promise === undefined) return;
    this.#epoch = promise.epoch;
    this.#promisedTo = promise.to;
  }

  /** The highest epoch this node has heard of: it takes no part in earlier ones. */
  get epoch(): number {
    return this.#epoch;
  }

  /** May the node grant `epoch` to `candidate`, for the first time or again? */
  mayPromise(epoch: number, candidate: string): boolean {
    if (epoch !== this.#epoch) return epoch > this.#epoch;
    return this.#promisedTo === null || this.#promisedTo === candidate;
  }

  /** Enters an epoch, granted to a node or only heard of (null). */
  promise(epoch: number, to: string | null): void {
    if (epoch === this.#epoch && to === this.#promisedTo) return;
    this.#epoch = epoch;
    this.#promisedTo = to;
    this.#written++;
    this.#disk.write("promise", { epoch, to });
  }

  get length(): number {
    return this.#entries.length;
  }

  get extent(): Extent {
    return extentOf(this.#entries);
  }

  /** The epoch of the last of the first `length` entries; 0 for none, undefined beyond the end. */
  epochAt(length: number): number | undefined {
    return length === 0 ? 0 : this.#entries[length - 1]?.epoch;
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index];
  }

  entries(from: number, count: number): Entry[] {
    return this.#entries.slice(from, from + count);
  }

  append(entry: Entry): void {
    this.#entries.push(entry);
    this.#written++;
    this.#disk.append("log", entry as unknown as Json);
  }

  /** Do the first `base` entries agree with those of a log whose entry `base` is of that epoch? */
  fits(base: number, epoch: number): boolean {
    return this.epochAt(base) === epoch;
  }

  /**
   * Where to try next when `fits` said no: the end, or where the entries of the epoch in question
   * begin, so that one round trip skips them all. O(entries of that epoch).
   */
  retreat(base: number): number {
    if (base > this.length) return this.length;
    const epoch = this.epochAt(base);
    let length = base - 1;
    while (length > 0 && this.epochAt(length) === epoch) length--;
    return length;
  }

  /**
   * Takes over entries that follow the first `base` ones. Cuts its own log only where it differs:
   * a late message with entries it already has must not undo newer ones. True if it cut. O(entries).
   */
  accept(base: number, entries: readonly Entry[]): boolean {
    let cut = false;
    entries.forEach((entry, i) => {
      const index = base + i;
      if (this.#entries[index]?.epoch === entry.epoch) return;
      if (index < this.length) {
        this.#truncate(index);
        cut = true;
      }
      this.append(entry);
    });
    return cut;
  }

  /** Calls back once everything written so far is durable; at once when it is. */
  whenDurable(action: () => void): void {
    const target = this.#written;
    if (this.#synced >= target) {
      action();
      return;
    }
    this.#disk.fsync(() => {
      this.#synced = Math.max(this.#synced, target);
      action();
    });
  }

  #truncate(length: number): void {
    this.#entries.length = length;
    this.#written++;
    this.#disk.truncate("log", length);
  }
}

export function extentOf(entries: readonly Entry[]): Extent {
  return { epoch: entries.at(-1)?.epoch ?? 0, length: entries.length };
}
