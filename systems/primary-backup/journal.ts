/**
 * What one node keeps on its disk: the epoch it has promised, to whom, its log, the in-sync set where
 * there is one, and a checkpoint of how much of its log it knows to be kept.
 *
 * Everything is written at once and durable later: whoever lets another node count on something
 * says so inside `whenDurable`. Left out: snapshots, so the log only grows.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";
import { type InSync, isLater } from "./in-sync.js";
import type { Entry, Extent } from "./messages.js";

export class Journal {
  readonly #disk: Disk;
  readonly #entries: Entry[];
  #epoch = 0;
  #promisedTo: string | null = null;
  #inSync: InSync;
  #watermark: number;
  /** Changes made, and how many of them are durable. */
  #written = 0;
  #synced = 0;

  /** `nodes`: the in-sync set of the beginning, where there is one. */
  constructor(disk: Disk, nodes: readonly string[] = []) {
    this.#disk = disk;
    const inSync = disk.read("in-sync") as InSync | undefined;
    this.#inSync = inSync ?? { epoch: 0, version: 0, members: [...nodes] };
    this.#watermark = Number(disk.read("watermark") ?? 0);
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

  /** The latest in-sync set that this node has heard of; all nodes in the beginning. */
  get inSync(): InSync {
    return this.#inSync;
  }

  /** Takes over an in-sync set, unless it is older. */
  register(inSync: InSync): void {
    if (!isLater(inSync, this.#inSync)) return;
    this.#inSync = inSync;
    this.#written++;
    this.#disk.write("in-sync", inSync);
  }

  /** So many entries at least were kept when this was written. It may be old: nobody waits for it. */
  get watermark(): number {
    return this.#watermark;
  }

  checkpoint(kept: number): void {
    if (kept <= this.#watermark) return;
    this.#watermark = kept;
    this.#disk.write("watermark", kept);
  }

  /** Drops what is not known to be kept. */
  cutToWatermark(): void {
    if (this.#watermark < this.length) this.#truncate(this.#watermark);
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

  /** Where the entries of each epoch begin: the number of the first, counted from 1, and the epoch. */
  get starts(): [number, number][] {
    return this.#entries.flatMap(({ epoch }, i): [number, number][] =>
      epoch === this.#entries[i - 1]?.epoch ? [] : [[i + 1, epoch]],
    );
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
