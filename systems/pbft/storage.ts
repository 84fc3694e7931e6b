/**
 * What a replica keeps on its disk: its view, what it has accepted and prepared, its checkpoints.
 *
 * All of it must be durable before anybody hears of what follows from it: `whenDurable`. What is
 * committed is not kept; others say it again. The log is cut into a file for each stretch between two
 * checkpoints, so that what a stable checkpoint covers is dropped without writing the rest anew.
 */

import type { Disk, Json } from "../../src/hosts/ts/node.js";
import type { Certificate, NewView, PrePrepareMessage, Signed, Stable } from "./messages.js";

/** Accepted, or prepared. */
export type LogRecord = { proposal: Omit<PrePrepareMessage, "type"> } | { prepared: Certificate };

/** `newView` null where this replica has asked for the view and does not have it yet. */
export type KnownView = { view: number; newView: Signed<NewView> | null };

/** This replica's own checkpoint. */
export type Own = { seq: number; digest: number; snapshot: Json };

export type Checkpoints = { stable: Stable; own: Own[] };

export class Storage {
  readonly #disk: Disk;
  readonly #stretch: number;

  constructor(disk: Disk, checkpointEvery: number) {
    this.#disk = disk;
    this.#stretch = checkpointEvery;
  }

  get view(): KnownView | undefined {
    return this.#disk.read("view") as KnownView | undefined;
  }

  set view(known: KnownView) {
    this.#disk.write("view", known);
  }

  get checkpoints(): Checkpoints | undefined {
    return this.#disk.read("checkpoints") as Checkpoints | undefined;
  }

  set checkpoints(checkpoints: Checkpoints) {
    this.#disk.write("checkpoints", checkpoints);
  }

  append(seq: number, record: LogRecord): void {
    this.#disk.append(this.#fileOf(seq), record);
  }

  /** What is logged beyond `seq`, file by file in order. O(records). */
  recordsAfter(seq: number, until: number): LogRecord[] {
    const records: LogRecord[] = [];
    const first = Math.floor(seq / this.#stretch);
    for (let part = first; part * this.#stretch < until; part++) {
      records.push(...(this.#disk.records(`log/${part}`) as LogRecord[]));
    }
    return records;
  }

  /** Drops the log up to `seq`, which a checkpoint written before covers, from `from` on. */
  drop(from: number, seq: number): void {
    const end = Math.floor(seq / this.#stretch);
    for (let part = Math.floor(from / this.#stretch); part < end; part++) {
      this.#disk.truncate(`log/${part}`, 0);
    }
  }

  /** Runs `action` once everything written so far is durable. */
  whenDurable(action: () => void): void {
    this.#disk.fsync(action);
  }

  /** Seqs 1 to the length of a stretch are in the first file. */
  #fileOf(seq: number): string {
    return `log/${Math.floor((seq - 1) / this.#stretch)}`;
  }
}
