/**
 * The replicated log of one server, in memory and on stable storage: entries baseIndex + 1 …
 * lastIndex. What came before has been compacted: the snapshot stands in its place, and of its last
 * entry the position is known.
 *
 * Index 0 stands for the empty prefix, with term 0.
 */

import { assert } from "../../src/base/errors.js";
import type { Configuration, Entry, LogPosition, Snapshot } from "./messages.js";
import type { StableStorage } from "./storage.js";

export class RaftLog {
  readonly #storage: StableStorage;
  #base: LogPosition;
  #entries: Entry[];

  constructor(storage: StableStorage, snapshot: Snapshot | undefined) {
    this.#storage = storage;
    this.#base = snapshot?.last ?? { index: 0, term: 0 };
    this.#entries = storage.loadLog();
  }

  /** The position of the last entry that is compacted away. */
  get base(): LogPosition {
    return this.#base;
  }

  get lastIndex(): number {
    return this.#base.index + this.#entries.length;
  }

  get last(): LogPosition {
    return this.position(this.lastIndex);
  }

  /** The term of the entry at `index`; undefined beyond the end, and where it is compacted away. */
  termAt(index: number): number | undefined {
    if (index === this.#base.index) return this.#base.term;
    return this.entry(index)?.term;
  }

  /** The position of an entry that exists. */
  position(index: number): LogPosition {
    const term = this.termAt(index);
    assert(
      term !== undefined,
      `no entry ${index} in a log of ${this.#base.index} to ${this.lastIndex}`,
    );
    return { index, term };
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index - 1 - this.#base.index];
  }

  /** At most `count` entries from `index` on. O(count). */
  slice(index: number, count: number): Entry[] {
    const from = index - 1 - this.#base.index;
    return this.#entries.slice(from, from + count);
  }

  append(entry: Entry): void {
    assert(entry.term >= this.last.term, `term ${entry.term} after term ${this.last.term}`);
    this.#entries.push(entry);
    this.#storage.appendEntry(entry);
  }

  /** Drops everything after `index`. */
  truncateAfter(index: number): void {
    if (index >= this.lastIndex) return;
    assert(index >= this.#base.index, `cut to ${index}, in the snapshot`);
    this.#entries.length = index - this.#base.index;
    this.#storage.truncateLog(this.#entries.length);
  }

  /** A snapshot of a prefix of this log takes its place. O(entries kept). */
  compact(snapshot: Snapshot): void {
    this.#entries = this.slice(snapshot.last.index + 1, this.lastIndex);
    this.#base = snapshot.last;
    this.#storage.compact(snapshot, this.#entries);
  }

  /**
   * A leader's snapshot takes the place of a log that ends before it, or goes on in another way:
   * nothing of that can be kept.
   */
  replace(snapshot: Snapshot): void {
    this.#entries = [];
    this.#base = snapshot.last;
    this.#storage.install(snapshot);
  }

  /** The configurations among the entries from `index` on, oldest first. O(entries). */
  configurationsFrom(index: number): { index: number; configuration: Configuration }[] {
    const found: { index: number; configuration: Configuration }[] = [];
    for (let i = Math.max(index, this.#base.index + 1); i <= this.lastIndex; i++) {
      const configuration = this.entry(i)?.configuration;
      if (configuration !== undefined) found.push({ index: i, configuration });
    }
    return found;
  }

  /** Where each term begins, as [index, term], from the base on. O(entries). */
  termRuns(): [number, number][] {
    const runs: [number, number][] = [[this.#base.index, this.#base.term]];
    let latest = this.#base.term;
    this.#entries.forEach(({ term }, i) => {
      if (term === latest) return;
      latest = term;
      runs.push([this.#base.index + 1 + i, term]);
    });
    return runs;
  }

  /**
   * Where a leader should try next when its entry before `index + 1` is not ours: behind our end,
   * or where our entries of the conflicting term begin, so that one round trip skips a whole term.
   * O(entries of that term).
   */
  conflictIndex(index: number): number {
    if (index > this.lastIndex) return this.lastIndex + 1;
    const term = this.termAt(index);
    let first = index;
    while (first > 1 && this.termAt(first - 1) === term) first--;
    return first;
  }
}
