/**
 * One transaction at its coordinator: what it has read, and the writes that wait for its commit.
 *
 * It sees its own writes over what it reads. Every step takes a while, as it does where a client
 * thinks between two statements: that is when others get in between.
 */

import type { Json } from "../../src/hosts/ts/node.js";
import type { Isolation } from "./isolation.js";
import type { CommitRecord, LockMode, RequestId, Write } from "./messages.js";
import { type Range, touchedBy } from "./ranges.js";
import { type Store, written } from "./store.js";

export interface TransactionParts {
  id: RequestId;
  isolation: Isolation;
  store: Store;
  /** The place in the log as of which the transaction reads. */
  snapshot: number;
  /** The place in the log that this node has reached. */
  latest(): number;
  /** What transactions of this node have not committed yet, of a key. */
  uncommitted(key: string): readonly Write[];
  bugs: ReadonlySet<string>;
  /** Takes its time. */
  step(): Promise<void>;
  /** Locks a key, or a range, at the leader; the value under the lock, and the leader's term. */
  lock(
    item: string,
    mode: LockMode,
    lockTerm: number | null,
  ): Promise<{ term: number; value: Json }>;
}

export class Transaction {
  readonly #parts: TransactionParts;
  readonly #writes: Write[] = [];
  /** Keys, and ranges. */
  readonly #reads = new Set<string>();
  /** Values under locks: nobody changes them while the locks are held. */
  readonly #locked = new Map<string, Json>();
  #lockTerm: number | null = null;

  constructor(parts: TransactionParts) {
    this.#parts = parts;
  }

  /** The value of a key, null when it was never written. @throws Refusal when it must give up. */
  async read(key: string): Promise<Json> {
    await this.#parts.step();
    const own = this.writesOf(key);
    if (own.some(({ kind }) => kind === "set")) return own.reduce(written, null);
    this.#reads.add(key);
    return own.reduce(written, await this.#committed(key));
  }

  /** The keys of a range that have a value, its own writes aside. @throws Refusal as `read` does. */
  async scan(range: Range): Promise<string[]> {
    await this.#parts.step();
    this.#reads.add(range);
    const rows = (await this.#committed(range)) as [string, Json][];
    return rows.map(([key]) => key);
  }

  /** @throws Refusal when the transaction must give up. */
  async write(write: Write): Promise<void> {
    const { isolation, bugs, step } = this.#parts;
    await step();
    // Only scans that lock what they saw are hindered by a lock on the range.
    const items = isolation.reads === "locked" ? touchedBy(write.key, bugs) : [write.key];
    if (isolation.locksWrites) for (const item of items) await this.#lock(item, "exclusive");
    this.#writes.push(write);
  }

  writesOf(key: string): Write[] {
    return this.#writes.filter((write) => write.key === key);
  }

  get isReadOnly(): boolean {
    return this.#writes.length === 0;
  }

  record(): CommitRecord {
    const { id, snapshot, latest, bugs } = this.#parts;
    return {
      ...id,
      snapshot: bugs.has("snapshot-taken-late") ? latest() : snapshot,
      reads: [...this.#reads],
      writes: this.#writes,
      lockTerm: this.#lockTerm,
    };
  }

  async #committed(item: string): Promise<Json> {
    const { isolation, store, snapshot, latest, uncommitted, bugs } = this.#parts;
    const locked = this.#locked.get(item);
    if (locked !== undefined) return locked;
    switch (isolation.reads) {
      case "latest": {
        const others = bugs.has("reads-uncommitted") ? uncommitted(item) : [];
        return others.reduce(written, store.latest(item));
      }
      case "snapshot":
        return store.at(item, bugs.has("snapshot-per-read") ? latest() : snapshot);
      case "locked":
        return this.#lock(item, "shared");
    }
  }

  async #lock(item: string, mode: LockMode): Promise<Json> {
    const { term, value } = await this.#parts.lock(item, mode, this.#lockTerm);
    this.#lockTerm ??= term;
    this.#locked.set(item, value);
    return value;
  }
}
