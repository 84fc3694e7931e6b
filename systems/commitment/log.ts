/**
 * The write-ahead log of a node: what it may not forget, as a participant and as a coordinator.
 *
 * Records are written at once and durable later; a node says something that others build on only
 * after `force` (Gray, "Notes on Data Base Operating Systems", 1978). Forcing the log makes durable
 * all that stands before, so a record that nobody waits for costs nothing. Left out: checkpoints.
 */

import type { Disk, Json } from "../../src/hosts/ts/node.js";
import type { Write } from "../txn/messages.js";

/** A participant's part of a transaction, as it must find it again after a crash. */
export type Part = {
  transaction: string;
  /** Its age, as locks count it. */
  born: number;
  coordinator: string;
  /** All nodes that have a part in it. */
  participants: string[];
  /** The keys that it read here, and holds shared locks on. */
  reads: string[];
  /** What it will change here, in program order. */
  writes: Write[];
};

export type LogRecord =
  /** The participant will commit or abort, as it is told: it has given its choice away. */
  | ({ kind: "prepared" } & Part)
  /** The participant will never vote yes. */
  | { kind: "refused"; transaction: string }
  /** Three-phase commit: the quorum that the participant has joined, once and for all. */
  | { kind: "joined"; transaction: string; toward: Outcome }
  /** The participant knows the outcome. */
  | { kind: "outcome"; transaction: string; outcome: Outcome }
  /** The coordinator has decided to commit, and owes the participants an answer. */
  | { kind: "decision"; transaction: string; participants: string[] }
  /** All participants know: the coordinator may forget. */
  | { kind: "end"; transaction: string };

export type Outcome = "commit" | "abort";

export class WriteAheadLog {
  readonly #disk: Disk;
  /** Records appended in this boot, and how many of them are durable. */
  #appended = 0;
  #forced = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** All that is left from earlier boots, oldest first. */
  read(): LogRecord[] {
    return this.#disk.records("log") as LogRecord[];
  }

  append(record: LogRecord): void {
    this.#appended++;
    this.#disk.append("log", record as Json);
  }

  /** Resolves once everything appended so far is durable. */
  async force(): Promise<void> {
    const target = this.#appended;
    if (this.#forced >= target) return;
    await this.#disk.fsync();
    this.#forced = Math.max(this.#forced, target);
  }
}
