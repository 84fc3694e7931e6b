/**
 * Stable storage: current term, vote and log, and the knowledge of what is durable.
 *
 * A server must not say anything that rests on a write before the write is durable: what it has to
 * say is handed to `whenDurable`. Fsyncs are grouped: while one runs, later writes wait for the next
 * one together, so that the number of fsyncs does not grow with the number of writes.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";
import type { Entry } from "./messages.js";

const HARD_STATE = "hard-state";
const LOG = "log";

/** What must survive a crash besides the log. */
export type HardState = { term: number; votedFor: string | null };

export interface StorageOptions {
  /** Leaves it to the operating system when to write: the bug `ack-unsynced`. */
  neverSync: boolean;
}

export class StableStorage {
  readonly #disk: Disk;
  readonly #neverSync: boolean;
  /** True when something was written since the last fsync began. */
  #dirty = false;
  /** What waits for the fsync under way; undefined when there is none. */
  #underWay: (() => void)[] | undefined;
  /** What waits for the fsync after that. */
  #waiting: (() => void)[] = [];

  constructor(disk: Disk, options: StorageOptions) {
    this.#disk = disk;
    this.#neverSync = options.neverSync;
  }

  loadHardState(): HardState {
    const stored = this.#disk.read(HARD_STATE) as HardState | undefined;
    return stored ?? { term: 0, votedFor: null };
  }

  loadLog(): Entry[] {
    return this.#disk.records(LOG) as Json[] as Entry[];
  }

  saveHardState(state: HardState): void {
    this.#disk.write(HARD_STATE, state);
    this.#dirty = true;
  }

  appendEntry(entry: Entry): void {
    this.#disk.append(LOG, entry);
    this.#dirty = true;
  }

  truncateLog(length: number): void {
    this.#disk.truncate(LOG, length);
    this.#dirty = true;
  }

  /** Runs `action` once everything written so far is durable: at once, when it is already. */
  whenDurable(action: () => void): void {
    if (this.#neverSync) action();
    else if (this.#dirty) {
      this.#waiting.push(action);
      if (this.#underWay === undefined) this.#sync();
    } else if (this.#underWay !== undefined) this.#underWay.push(action);
    else action();
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
