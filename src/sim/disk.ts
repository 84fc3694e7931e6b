/**
 * One node's disk. What must survive: everything written before an fsync that completed.
 *
 * Writes go to a volatile cache at once and are read back at once. A crash keeps a seeded prefix of
 * the writes not yet synced, in the order in which they were made (mostly none of them, sometimes
 * all): a file system may have flushed some early, and a system may rely on neither. Left out for
 * now: torn writes, lost fsyncs, bit rot, a full disk.
 */

import { assert } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { Random } from "../random/random.js";
import { copyOf, seal } from "./seal.js";

/** A disk as a node sees it: named files, each holding one value or a list of records. */
export interface Disk {
  /** The value last written to the file, or undefined. A copy. */
  read(file: string): Json | undefined;
  write(file: string, value: Json): void;
  /** The records of a file, oldest first; empty when there is none. Copies. */
  records(file: string): Json[];
  append(file: string, record: Json): void;
  /** Keeps only the first `length` records. */
  truncate(file: string, length: number): void;
  /** Resolves, or calls back, when everything written before this call is durable. */
  fsync(): Promise<void>;
  fsync(done: () => void): void;
}

type Change =
  | { kind: "write"; file: string; value: Json }
  | { kind: "append"; file: string; value: Json }
  | { kind: "truncate"; file: string; length: number };

/** The two faces of a disk's content: what is read, and what a power cut leaves. */
class Content {
  readonly values = new Map<string, Json>();
  readonly lists = new Map<string, Json[]>();

  apply(change: Change): void {
    switch (change.kind) {
      case "write":
        this.values.set(change.file, change.value);
        break;
      case "append":
        this.#list(change.file).push(change.value);
        break;
      case "truncate":
        this.#list(change.file).length = Math.min(change.length, this.#list(change.file).length);
        break;
    }
  }

  copy(): Content {
    const result = new Content();
    for (const [file, value] of this.values) result.values.set(file, value);
    for (const [file, list] of this.lists) result.lists.set(file, [...list]);
    return result;
  }

  #list(file: string): Json[] {
    let list = this.lists.get(file);
    if (list === undefined) this.lists.set(file, (list = []));
    return list;
  }
}

export interface DiskEnvironment {
  /** How long the next fsync takes, in microseconds. */
  syncUs(): number;
  /** Runs `action` after `delayUs`, unless the node crashes first. */
  later(delayUs: number, action: () => void): void;
  /** Told the hash of everything written, for the trace. */
  wrote(hash: number): void;
}

export class SimulatedDisk implements Disk {
  readonly #environment: DiskEnvironment;
  #cached = new Content();
  #durable = new Content();
  /** Changes in `#cached` that are not in `#durable`, oldest first. */
  #unsynced: Change[] = [];
  /** How many changes were made durable since the start: positions survive removal from the list. */
  #syncedCount = 0;

  constructor(environment: DiskEnvironment) {
    this.#environment = environment;
  }

  read(file: string): Json | undefined {
    const value = this.#cached.values.get(file);
    return value === undefined ? undefined : copyOf(value);
  }

  records(file: string): Json[] {
    return (this.#cached.lists.get(file) ?? []).map((record) => copyOf(record));
  }

  write(file: string, value: Json): void {
    this.#change({ kind: "write", file, value: this.#sealed(value) });
  }

  append(file: string, record: Json): void {
    this.#change({ kind: "append", file, value: this.#sealed(record) });
  }

  truncate(file: string, length: number): void {
    assert(Number.isInteger(length) && length >= 0, `disk.truncate to ${length} records`);
    this.#environment.wrote(length);
    this.#change({ kind: "truncate", file, length });
  }

  fsync(): Promise<void>;
  fsync(done: () => void): void;
  fsync(done?: () => void): Promise<void> | void {
    if (done === undefined) return new Promise((resolve) => this.fsync(resolve));
    const target = this.#syncedCount + this.#unsynced.length;
    this.#environment.later(this.#environment.syncUs(), () => {
      this.#sync(target);
      done();
    });
  }

  /** Power is cut: the cache is gone. Returns what became of the changes not yet synced. */
  crash(random: Random): { lost: number; kept: number } {
    const made = this.#unsynced.length;
    const kept = random.chance(1, 3) ? random.int(made + 1) : 0;
    this.#sync(this.#syncedCount + kept);
    this.#syncedCount += this.#unsynced.length;
    this.#unsynced = [];
    this.#cached = this.#durable.copy();
    return { lost: made - kept, kept };
  }

  #sync(target: number): void {
    const count = target - this.#syncedCount;
    if (count <= 0) return;
    for (const change of this.#unsynced.splice(0, count)) this.#durable.apply(change);
    this.#syncedCount = target;
  }

  #change(change: Change): void {
    this.#cached.apply(change);
    this.#unsynced.push(change);
  }

  #sealed(value: Json): Json {
    const sealed = seal(value);
    this.#environment.wrote(sealed.hash);
    return sealed.value;
  }
}
