/**
 * One transaction at its coordinator: what it has read, and the writes that wait for its commit.
 *
 * It sees its own writes over what it reads. Every step takes a while, as it does where a client
 * thinks between two statements: that is when others get in between.
 */

import type { Json } from "../../src/hosts/ts/node.js";
import type { Isolation } from "./isolation.js";
import type { CommitRecord, LockMode, RequestId, Write } from "./messages.js";
import { type Store, written } from "./store.js";

export interface TransactionParts {
  id: RequestId;
  isolation: Isolation;
  store: Store;
  /** The place in the log as of which the transaction reads. */
  snapshot: number;
  /** The place in the log that this node has reached. */
  latest(): number;
  bugs: ReadonlySet<string>;
  /** Takes its time. */
  step(): Promise<void>;
  /** Locks a key at the leader; the value under the lock, and the leader's term. */
  lock(
    key: string,
    mode: LockMode,
    lockTerm: number | null,
  ): Promise<{ term: number; value: Json }>;
}

export class Transaction {
  readonly #parts: TransactionParts;
  readonly #writes: Write[] = [];
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
    const own = this.#writes.filter((write) => write.key === key);
    if (own.some(({ kind }) => kind === "set")) return own.reduce(written, null);
    this.#reads.add(key);
    return own.reduce(written, await this.#committed(key));
  }

  /** @throws Refusal when the transaction must give up. */
  async write(write: Write): Promise<void> {
    await this.#parts.step();
    if (this.#parts.isolation.locksWrites) await this.#lock(write.key, "exclusive");
    this.#writes.push(write);
  }

  get isReadOnly(): boolean {
    return this.#writes.length === 0;
  }

  record(): CommitRecord {
    return {
      ...this.#parts.id,
      snapshot: this.#parts.snapshot,
      reads: [...this.#reads],
      writes: this.#writes,
      lockTerm: this.#lockTerm,
    };
  }

  async #committed(key: string): Promise<Json> {
    const { isolation, store, snapshot, latest, bugs } = this.#parts;
    const locked = this.#locked.get(key);
    if (locked !== undefined) return locked;
    switch (isolation.reads) {
      case "latest":
        return store.latest(key);
      case "snapshot":
        return store.at(key, bugs.has("snapshot-per-read") ? latest() : snapshot);
      case "locked":
        return this.#lock(key, "shared");
    }
  }

  async #lock(key: string, mode: LockMode): Promise<Json> {
    const { term, value } = await this.#parts.lock(key, mode, this.#lockTerm);
    this.#lockTerm ??= term;
    this.#locked.set(key, value);
    return value;
  }
}
