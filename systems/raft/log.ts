/**
 * The replicated log of one server: entries 1 … lastIndex, in memory and on stable storage.
 *
 * Index 0 stands for the empty prefix, with term 0. Compaction (snapshots) is left out: runs are
 * short, and a restarted server replays its log.
 */

import { assert } from "../../src/base/errors.js";
import type { Entry, LogPosition } from "./messages.js";
import type { StableStorage } from "./storage.js";

export class RaftLog {
  readonly #storage: StableStorage;
  readonly #entries: Entry[];

  constructor(storage: StableStorage) {
    this.#storage = storage;
    this.#entries = storage.loadLog();
  }

  get lastIndex(): number {
    return this.#entries.length;
  }

  get last(): LogPosition {
    return this.position(this.lastIndex);
  }

  /** The term of the entry at `index`; undefined beyond the end. */
  termAt(index: number): number | undefined {
    return index === 0 ? 0 : this.#entries[index - 1]?.term;
  }

  /** The position of an entry that exists. */
  position(index: number): LogPosition {
    const term = this.termAt(index);
    assert(term !== undefined, `no entry ${index} in a log of ${this.lastIndex}`);
    return { index, term };
  }

  entry(index: number): Entry | undefined {
    return this.#entries[index - 1];
  }

  /** At most `count` entries from `index` on. O(count). */
  slice(index: number, count: number): Entry[] {
    return this.#entries.slice(index - 1, index - 1 + count);
  }

  append(entry: Entry): void {
    assert(entry.term >= this.last.term, `term ${entry.term} after term ${this.last.term}`);
    this.#entries.push(entry);
    this.#storage.appendEntry(entry);
  }

  /** Drops everything after `index`. */
  truncateAfter(index: number): void {
    if (index >= this.lastIndex) return;
    this.#entries.length = index;
    this.#storage.truncateLog(index);
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
