/**
 * A transaction at its coordinator, while it runs: what it has read, and the writes that wait for the
 * vote. It sees its own writes over what it reads. Every step takes a while, as it does where a client
 * thinks between two statements: that is when others get in between.
 */

import type { Json } from "../../src/hosts/ts/node.js";
import type { Write } from "../txn/messages.js";
import type { Transaction } from "../txn/procedures.js";
import { written } from "../txn/store.js";

export interface WorkspaceParts {
  /** Takes its time. */
  step(): Promise<void>;
  /** The value of a key under a shared lock at its shard. */
  ask(key: string): Promise<Json>;
}

export class Workspace implements Transaction {
  readonly #parts: WorkspaceParts;
  readonly #writes: Write[] = [];
  /** Values under locks, which nobody changes meanwhile; undefined while a lock is waited for. */
  readonly #locked = new Map<string, Json | undefined>();

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
  }

  async read(key: string): Promise<Json> {
    await this.#parts.step();
    const own = this.#writes.filter((write) => write.key === key);
    if (own.some(({ kind }) => kind === "set")) return own.reduce(written, null);
    return own.reduce(written, await this.#lockedValue(key));
  }

  async write(write: Write): Promise<void> {
    await this.#parts.step();
    this.#writes.push(write);
  }

  /** The keys read, each once. */
  get asked(): string[] {
    return [...this.#locked.keys()];
  }

  /** In program order. */
  get writes(): readonly Write[] {
    return this.#writes;
  }

  async #lockedValue(key: string): Promise<Json> {
    const known = this.#locked.get(key);
    if (known !== undefined) return known;
    this.#locked.set(key, undefined);
    const value = await this.#parts.ask(key);
    this.#locked.set(key, value);
    return value;
  }
}
