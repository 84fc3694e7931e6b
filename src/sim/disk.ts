/**
 * One node's disk. What must survive: everything written before an fsync that completed.
 *
 * Writes go to a volatile cache at once and are read back at once. A crash keeps a seeded prefix of
 * the writes not yet synced, in the order in which they were made (mostly none of them, sometimes
 * all): a file system may have flushed some early, and a system may rely on neither.
 *
 * Troubles lie over it: what was written stays sound beneath them, and is seen again once they are
 * taken off. Only what a crash takes away or tears in two is gone.
 */

import { assert } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { Random } from "../random/random.js";
import { torn } from "./alter.js";
import { type Cell, type Change, Content } from "./disk-content.js";
import type { SimProbe } from "./probes.js";
import { copyOf, seal } from "./seal.js";

/** A disk as a node sees it: named files, each holding one value or a list of records. */
export interface Disk {
  /** The value last written to the file, or undefined. A copy. @throws DiskError EIO. */
  read(file: string): Json | undefined;
  /** @throws DiskError ENOSPC. */
  write(file: string, value: Json): void;
  /** The records of a file, oldest first; empty when there is none. Copies. @throws DiskError EIO. */
  records(file: string): Json[];
  /** @throws DiskError ENOSPC. */
  append(file: string, record: Json): void;
  /** Keeps only the first `length` records. */
  truncate(file: string, length: number): void;
  /** Resolves, or calls back, when everything written before this call is durable. */
  fsync(): Promise<void>;
  fsync(done: () => void): void;
}

/** EIO: it could not be read this time. ENOSPC: there is no room, and nothing was written. */
export type DiskErrorCode = "EIO" | "ENOSPC";

/** What a disk in trouble throws into its node. A node that bears such trouble catches it. */
export class DiskError extends Error {
  override name = "DiskError";

  constructor(
    readonly code: DiskErrorCode,
    text: string,
  ) {
    super(`${code}: ${text}`);
  }
}

/** By shape, since a user's own module may have loaded a second copy of the class. */
export function isDiskError(error: unknown): error is DiskError {
  return error instanceof Error && error.name === "DiskError" && "code" in error;
}

/** Something wrong with a disk, for as long as it lies over it. */
export interface DiskTrouble {
  /** What reads as something else, or (undefined) as if it were not there. */
  readonly masks?: ReadonlyMap<Cell, Json | undefined>;
  /** Decides on each reading of a file. */
  failsRead?(file: string): boolean;
  readonly isFull?: boolean;
  readonly losesSyncs?: boolean;
  readonly tearsWrites?: boolean;
  /** How much longer each fsync takes, in microseconds. */
  readonly syncAddUs?: number;
  /** Told of each value and record that is written, and what was there before. */
  wrote?(cell: Cell, stale: Cell | undefined): void;
}

export interface DiskEnvironment {
  /** How long the next fsync takes, in microseconds. */
  syncUs(): number;
  /** Runs `action` after `delayUs`, unless the node crashes first. */
  later(delayUs: number, action: () => void): void;
  /** Told the hash of everything written, for the trace. */
  wrote(hash: number): void;
  /** Told what should happen sometimes. */
  probe?(name: SimProbe): void;
}

export class SimulatedDisk implements Disk {
  readonly #environment: DiskEnvironment;
  readonly #troubles = new Set<DiskTrouble>();
  #cached = new Content();
  #durable = new Content();
  /** Changes in `#cached` that are not in `#durable`, oldest first. */
  #unsynced: Change[] = [];
  /** How many changes were made durable since the start: positions survive removal from the list. */
  #syncedCount = 0;

  constructor(environment: DiskEnvironment) {
    this.#environment = environment;
  }

  /** Lays trouble over the disk; the returned function takes it off again. */
  overlay(trouble: DiskTrouble): () => void {
    this.#troubles.add(trouble);
    return () => this.#troubles.delete(trouble);
  }

  /** What is durable, in a stable order. */
  get durable(): Content {
    return this.#durable;
  }

  read(file: string): Json | undefined {
    this.#beforeReading(file);
    const cell = this.#cached.values.get(file);
    return cell === undefined ? undefined : this.#shown(cell);
  }

  records(file: string): Json[] {
    this.#beforeReading(file);
    return (this.#cached.lists.get(file) ?? []).map((cell) => this.#shown(cell) ?? null);
  }

  write(file: string, value: Json): void {
    this.#beforeWriting(file);
    const stale = this.#cached.values.get(file);
    this.#put({ kind: "write", file, cell: this.#sealed(value) }, stale);
  }

  append(file: string, record: Json): void {
    this.#beforeWriting(file);
    this.#put({ kind: "append", file, cell: this.#sealed(record) }, undefined);
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
    let delayUs = this.#environment.syncUs();
    for (const { syncAddUs = 0 } of this.#troubles) {
      if (syncAddUs > 0) this.#environment.probe?.("an fsync took longer than usual");
      delayUs += syncAddUs;
    }
    this.#environment.later(delayUs, () => {
      if (!this.#suffers(({ losesSyncs }) => losesSyncs)) this.#sync(target);
      else if (target > this.#syncedCount) {
        this.#environment.probe?.("an fsync made nothing durable");
      }
      done();
    });
  }

  /** Power is cut: the cache is gone. Returns what became of the changes not yet synced. */
  crash(random: Random): { lost: number; kept: number } {
    const made = this.#unsynced.length;
    const kept = random.chance(1, 3) ? random.int(made + 1) : 0;
    this.#sync(this.#syncedCount + kept);
    const [next] = this.#unsynced;
    if (next !== undefined && this.#suffers(({ tearsWrites }) => tearsWrites)) this.#tear(next);
    this.#syncedCount += this.#unsynced.length;
    this.#unsynced = [];
    this.#cached = this.#durable.copy();
    return { lost: made - kept, kept };
  }

  /** Everything is gone. */
  wipe(): void {
    if (!this.#durable.isEmpty) this.#environment.probe?.("a wipe took what was durable");
    this.#syncedCount += this.#unsynced.length;
    this.#unsynced = [];
    this.#cached = new Content();
    this.#durable = new Content();
  }

  #sync(target: number): void {
    const count = target - this.#syncedCount;
    if (count <= 0) return;
    for (const change of this.#unsynced.splice(0, count)) this.#durable.apply(change);
    this.#syncedCount = target;
  }

  /** Of a truncation, half of what was to go is gone. */
  #tear(change: Change): void {
    this.#environment.probe?.("a crash left a write half done");
    const { file } = change;
    if (change.kind === "truncate") {
      const before = this.#durable.lists.get(file)?.length ?? 0;
      this.#durable.apply({ ...change, length: (before + change.length + 1) >> 1 });
      return;
    }
    const stale = change.kind === "write" ? this.#durable.values.get(file)?.value : undefined;
    this.#durable.apply({ ...change, cell: { value: torn(change.cell.value, stale) } });
  }

  #put(change: Exclude<Change, { kind: "truncate" }>, stale: Cell | undefined): void {
    this.#change(change);
    for (const trouble of this.#troubles) trouble.wrote?.(change.cell, stale);
  }

  #change(change: Change): void {
    this.#cached.apply(change);
    this.#unsynced.push(change);
  }

  #sealed(value: Json): Cell {
    const sealed = seal(value);
    this.#environment.wrote(sealed.hash);
    return { value: sealed.value };
  }

  /** A copy of what a cell reads as now; undefined where it reads as if it were not there. */
  #shown(cell: Cell): Json | undefined {
    let value: Json | undefined = cell.value;
    for (const { masks } of this.#troubles) {
      if (masks?.has(cell)) value = masks.get(cell);
    }
    if (value !== cell.value) this.#environment.probe?.("something damaged was read from a disk");
    return value === undefined ? undefined : copyOf(value);
  }

  #beforeReading(file: string): void {
    let fails = false;
    // Each counts all readings, so that it fails the same ones whatever else lies over the disk.
    for (const trouble of this.#troubles) if (trouble.failsRead?.(file) === true) fails = true;
    if (!fails) return;
    this.#environment.probe?.("a disk failed to read");
    throw new DiskError("EIO", `cannot read "${file}"`);
  }

  #beforeWriting(file: string): void {
    if (!this.#suffers(({ isFull }) => isFull)) return;
    this.#environment.probe?.("a disk had no room");
    throw new DiskError("ENOSPC", `no room to write "${file}"`);
  }

  #suffers(from: (trouble: DiskTrouble) => boolean | undefined): boolean {
    for (const trouble of this.#troubles) if (from(trouble) === true) return true;
    return false;
  }
}
