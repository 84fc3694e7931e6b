/**
 * What one server has of its keys: every version that it has applied, on disk, and of each key the last.
 *
 * Only what is durable is applied: what was shown survives a crash. Old versions are kept, since a
 * get-transaction may come back for one.
 */

import type { Disk } from "../../src/hosts/ts/node.js";
import { DurableLog } from "../sessions/durable-log.js";
import { isLater, nameOf, type Put } from "./put.js";

/** A write of this server, or of another one: that one's so-manieth for this server, from 1. */
export type Entry = { put: Put; place?: number };

export class Store {
  readonly #log: DurableLog<Entry>;
  readonly #applied = new Map<string, Put>();
  readonly #latest = new Map<string, Put>();
  /** By session, its last write here, perhaps not durable yet. */
  readonly #last = new Map<string, Put>();
  readonly #awaited = new Map<string, (() => void)[]>();
  /** The highest time of any version here. */
  time = 0;

  /** `applied` is told of every entry once it is durable, also of those that the disk has. */
  constructor(disk: Disk, applied: (entry: Entry) => void) {
    this.#log = new DurableLog(disk, "versions", (entry: Entry) => {
      this.#apply(entry.put);
      applied(entry);
    });
  }

  latest(key: string): Put | undefined {
    return this.#latest.get(key);
  }

  /** A version that has been applied, by its name. */
  named(name: string): Put | undefined {
    return this.#applied.get(name);
  }

  lastOf(session: string): Put | undefined {
    return this.#last.get(session);
  }

  /** Resolves once it is applied. */
  take(entry: Entry): Promise<void> {
    this.#count(entry.put);
    return this.#log.append(entry);
  }

  /** Resolves once everything taken so far is applied. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  /** Resolves once that very version is applied, even if it is not the last of its key. */
  has(name: string): Promise<void> {
    if (this.#applied.has(name)) return Promise.resolve();
    return new Promise((done) => {
      const waiting = this.#awaited.get(name) ?? [];
      this.#awaited.set(name, waiting);
      waiting.push(done);
    });
  }

  #apply(put: Put): void {
    this.#count(put);
    const name = nameOf(put);
    this.#applied.set(name, put);
    if (isLater(put.version, this.#latest.get(put.key)?.version)) this.#latest.set(put.key, put);
    for (const done of this.#awaited.get(name) ?? []) done();
    this.#awaited.delete(name);
  }

  #count(put: Put): void {
    const { session, number, version } = put;
    this.time = Math.max(this.time, version.time);
    if (number > (this.#last.get(session)?.number ?? 0)) this.#last.set(session, put);
  }
}
