/**
 * A log that counts only what is on disk.
 *
 * Records are appended at once and applied, in order, when a sync has made them durable: nobody is
 * ever shown what a crash could take back. Appends made during a sync share the next one (group
 * commit). Left out: snapshots, so a restart replays the whole log.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";

export class DurableLog<Entry> {
  readonly #disk: Disk;
  readonly #file: string;
  readonly #apply: (entry: Entry, index: number) => void;
  readonly #entries: Entry[];
  #applied = 0;
  #syncing = false;
  #waiting: { length: number; done: () => void }[] = [];

  /** Applies what the disk has, before it returns. */
  constructor(disk: Disk, file: string, apply: (entry: Entry, index: number) => void) {
    this.#disk = disk;
    this.#file = file;
    this.#apply = apply;
    this.#entries = disk.records(file) as Entry[];
    this.#applyUpTo(this.#entries.length);
  }

  /** Entries appended, durable or not. */
  get length(): number {
    return this.#entries.length;
  }

  /** Entries applied: a prefix, and durable. */
  get applied(): number {
    return this.#applied;
  }

  /** Applied entries, from `from`, at most `count`. */
  slice(from: number, count: number): Entry[] {
    return this.#entries.slice(from, Math.min(from + count, this.#applied));
  }

  /** Resolves once the entry is applied. */
  append(entry: Entry): Promise<void> {
    this.#entries.push(entry);
    this.#disk.append(this.#file, entry as unknown as Json);
    return this.settled();
  }

  /** Resolves once everything appended so far is applied. */
  settled(): Promise<void> {
    const { length } = this.#entries;
    if (this.#applied >= length) return Promise.resolve();
    return new Promise((done) => {
      this.#waiting.push({ length, done });
      if (!this.#syncing) this.#sync();
    });
  }

  #sync(): void {
    const target = this.#entries.length;
    this.#syncing = true;
    this.#disk.fsync(() => {
      this.#syncing = false;
      this.#applyUpTo(target);
      if (this.#waiting.length > 0) this.#sync();
    });
  }

  #applyUpTo(target: number): void {
    while (this.#applied < target) {
      const index = this.#applied++;
      this.#apply(this.#entries[index] as Entry, index);
    }
    const ready = this.#waiting.filter(({ length }) => length <= this.#applied);
    this.#waiting = this.#waiting.filter(({ length }) => length > this.#applied);
    for (const { done } of ready) done();
  }
}
