/**
 * Stable storage: current term, vote, snapshot and log, and the knowledge of what is durable.
 *
 * A server must not say anything that rests on a write before the write is durable: what it has to
 * say is handed to `whenDurable`. Fsyncs are grouped: while one runs, later writes wait for the next
 * one together, so that the number of fsyncs does not grow with the number of writes.
 *
 * A disk keeps its writes in their order, and a crash may keep any number of the latest ones. So a
 * snapshot and the log that goes on from it change together by one write: the entries that stay are
 * copied to a new file, and then the snapshot is written, which names that file. A crash between
 * the two leaves the old snapshot with the old file, whole.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";
import type { Entry, Snapshot } from "./messages.js";

const HARD_STATE = "hard-state";
const SNAPSHOT = "snapshot";
const FIRST_LOG = "log";

/** What must survive a crash besides the log; `newcomer` until it has caught up. */
export type HardState = { term: number; votedFor: string | null; newcomer?: true };

/** A snapshot, and the file of the entries after it. */
type StoredSnapshot = { snapshot: Snapshot; log: string };

export interface StorageOptions {
  /** Leaves it to the operating system when to write: the bug `ack-unsynced`. */
  neverSync: boolean;
  /** A leader's snapshot leaves the file of the log as it is: the bug `install-keeps-log`. */
  installKeepsLog?: boolean;
}

export class StableStorage {
  readonly #disk: Disk;
  readonly #options: StorageOptions;
  /** The file of the log. */
  #log: string;
  /** True when something was written since the last fsync began. */
  #dirty = false;
  /** What waits for the fsync under way; undefined when there is none. */
  #underWay: (() => void)[] | undefined;
  /** What waits for the fsync after that. */
  #waiting: (() => void)[] = [];

  constructor(disk: Disk, options: StorageOptions) {
    this.#disk = disk;
    this.#options = options;
    this.#log = this.#loadStored()?.log ?? FIRST_LOG;
  }

  /** Undefined on a disk that has none. */
  loadHardState(): HardState | undefined {
    return this.#disk.read(HARD_STATE) as HardState | undefined;
  }

  loadSnapshot(): Snapshot | undefined {
    return this.#loadStored()?.snapshot;
  }

  /** The entries after the snapshot, or from the first one on. */
  loadLog(): Entry[] {
    return this.#disk.records(this.#log) as Json[] as Entry[];
  }

  saveHardState(state: HardState): void {
    this.#disk.write(HARD_STATE, state);
    this.#dirty = true;
  }

  appendEntry(entry: Entry): void {
    this.#disk.append(this.#log, entry);
    this.#dirty = true;
  }

  truncateLog(length: number): void {
    this.#disk.truncate(this.#log, length);
    this.#dirty = true;
  }

  /** The snapshot and the entries after it take the place of the log. O(entries). */
  compact(snapshot: Snapshot, entries: readonly Entry[]): void {
    const old = this.#log;
    this.#log = `${FIRST_LOG}-${snapshot.last.index}`;
    // A crash in an earlier attempt may have left something there.
    this.#disk.truncate(this.#log, 0);
    for (const entry of entries) this.#disk.append(this.#log, entry);
    this.#write(snapshot);
    this.#disk.truncate(old, 0);
  }

  /** The same for a snapshot after which there are no entries. */
  install(snapshot: Snapshot): void {
    if (this.#options.installKeepsLog) this.#write(snapshot);
    else this.compact(snapshot, []);
  }

  /** Runs `action` once everything written so far is durable: at once, when it is already. */
  whenDurable(action: () => void): void {
    if (this.#options.neverSync) action();
    else if (this.#dirty) {
      this.#waiting.push(action);
      if (this.#underWay === undefined) this.#sync();
    } else if (this.#underWay !== undefined) this.#underWay.push(action);
    else action();
  }

  #loadStored(): StoredSnapshot | undefined {
    return this.#disk.read(SNAPSHOT) as StoredSnapshot | undefined;
  }

  #write(snapshot: Snapshot): void {
    const stored: StoredSnapshot = { snapshot, log: this.#log };
    this.#disk.write(SNAPSHOT, stored);
    this.#dirty = true;
  }

  #sync(): void {
    this.#underWay = this.#waiting;
    this.#waiting = [];
    this.#dirty = false;
    this.#disk.fsync(() => {
      const done = this.#underWay ?? [];
      this.#underWay = undefined;
      if (this.#waiting.length > 0) this.#sync();
      for (const action of done) action();
    });
  }
}
