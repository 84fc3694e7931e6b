/**
 * A shard, and its part in transactions: values, locks, and what has become of each transaction here.
 *
 * Reads take shared locks as they come. Writes wait at the coordinator and arrive with the request to
 * prepare, and only then take their exclusive locks: until all participants have prepared, a
 * transaction may still be taking locks somewhere. So all locks, those of readers too, are kept until
 * the outcome (strict two-phase locking: Bernstein, Hadzilacos and Goodman, 1987). Only where nobody
 * writes have all locks been taken when the vote begins, and may be freed with it.
 *
 *   active -> voting -> prepared -> committed | aborted
 *      \________\-> refused
 *
 * A vote is durable before it is told, either vote. Locks are not: a participant that crashed has lost
 * them, finds at the vote that it has not locked what the transaction read here, and refuses. The locks
 * of prepared transactions are taken again when the log is read.
 */

import { errorCodes, type Json, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { written } from "../txn/store.js";
import { Locks } from "./locks.js";
import type { LogRecord, Outcome, Part, WriteAheadLog } from "./log.js";
import type { Prepare, Read, Vote } from "./messages.js";

/** More than a coordinator takes for an attempt, clocks drifting. */
const FORGOTTEN_MS = 1_500;

/** What a participant knows of a transaction; nothing at all is undefined. */
export type Standing =
  /** It runs; `reads` are locked. */
  | { phase: "active"; reads: Set<string>; heardMs: number }
  /** It waits for its exclusive locks, or for the disk. */
  | { phase: "voting"; heardMs: number }
  | { phase: "prepared"; part: Part }
  | { phase: "refused" | "read-only" | "committed" | "aborted" };

export class ResourceManager {
  readonly #context: Pick<NodeContext, "bugs" | "clock" | "observe" | "probe">;
  readonly #log: WriteAheadLog;
  readonly #locks = new Locks();
  readonly #values = new Map<string, Json>();
  readonly #standings = new Map<string, Standing>();
  /** Those active or voting. */
  readonly #unprepared = new Set<string>();

  constructor(
    context: Pick<NodeContext, "bugs" | "clock" | "observe" | "probe">,
    log: WriteAheadLog,
  ) {
    this.#context = context;
    this.#log = log;
  }

  /** Redoes what the log says; those in doubt have their locks again. O(log). */
  recover(records: readonly LogRecord[]): Part[] {
    const inDoubt = new Map<string, Part>();
    for (const record of records) {
      const { transaction } = record;
      if (record.kind === "prepared") inDoubt.set(transaction, record);
      if (record.kind === "refused") this.#standings.set(transaction, { phase: "refused" });
      if (record.kind === "outcome") {
        const committed = record.outcome === "commit";
        const part = inDoubt.get(transaction);
        if (committed && part !== undefined) this.#install(part);
        this.#standings.set(transaction, { phase: committed ? "committed" : "aborted" });
      }
      if (record.kind === "refused" || record.kind === "outcome") inDoubt.delete(transaction);
    }
    for (const part of inDoubt.values()) {
      const { transaction, born } = part;
      this.#standings.set(transaction, { phase: "prepared", part });
      for (const key of part.reads) {
        this.#locks.restore({ transaction, born, key, mode: "shared" });
      }
      for (const key of keysWritten(part)) {
        this.#locks.restore({ transaction, born, key, mode: "exclusive" });
      }
      this.#observeVote(part, "yes");
    }
    return [...inDoubt.values()];
  }

  standing(transaction: string): Standing | undefined {
    return this.#standings.get(transaction);
  }

  /** All that are in doubt here. */
  inDoubt(): Part[] {
    return [...this.#standings.values()].flatMap((standing) =>
      standing.phase === "prepared" ? [standing.part] : [],
    );
  }

  /** The value of a key under a shared lock. @throws Refusal 30 when the transaction must give up. */
  async read({ transaction, born, key }: Read): Promise<Json> {
    this.#forgetSilent();
    const standing = this.#standings.get(transaction) ?? this.#begin(transaction);
    if (standing.phase !== "active") throw over();
    standing.heardMs = this.#context.clock.monotonicMs();
    try {
      await this.#lock({ transaction, born, key, mode: "shared" });
    } catch (error) {
      this.abandon(transaction);
      throw error;
    }
    if (this.#standings.get(transaction) !== standing) throw over();
    standing.reads.add(key);
    return this.#values.get(key) ?? null;
  }

  /** Gives a transaction up that has not voted. */
  abandon(transaction: string): void {
    const phase = this.#standings.get(transaction)?.phase ?? "active";
    if (phase === "active") this.#end(transaction, "aborted");
  }

  /** The vote, once it is durable; undefined where another copy of the request sees to it. */
  async prepare({ part, readOnly }: Prepare): Promise<Vote | undefined> {
    this.#forgetSilent();
    const { transaction } = part;
    const standing = this.#standings.get(transaction) ?? this.#begin(transaction);
    switch (standing.phase) {
      case "active":
        break;
      case "prepared":
        return "yes";
      case "read-only":
        return "read-only";
      case "refused":
        await this.#log.force();
        return "no";
      default:
        return undefined;
    }
    if (!part.reads.every((key) => standing.reads.has(key))) {
      this.#context.probe("a participant had lost the locks of a transaction");
      return this.refuse(part);
    }
    if (readOnly || (this.#context.bugs.has("reader-leaves-early") && part.writes.length === 0)) {
      this.#end(transaction, "read-only");
      if (!readOnly) this.#observeVote(part, "read-only");
      return "read-only";
    }
    return this.#vote(part);
  }

  /** Never votes yes from now on; resolves once that is durable. */
  async refuse(part: Pick<Part, "transaction"> & Partial<Part>): Promise<"no"> {
    this.#end(part.transaction, "refused");
    this.#log.append({ kind: "refused", transaction: part.transaction });
    await this.#log.force();
    this.#observeVote(part, "no");
    return "no";
  }

  /** The outcome is known: a prepared transaction takes effect, or none, and its locks are free. */
  finish(transaction: string, outcome: Outcome): void {
    const standing = this.#standings.get(transaction);
    const phase = standing?.phase ?? "active";
    const record: LogRecord = { kind: "outcome", transaction, outcome };
    if (standing?.phase === "prepared") {
      this.#log.append(record);
      this.#context.observe("outcome", { transaction, outcome });
      if (outcome === "commit") this.#install(standing.part);
      this.#end(transaction, outcome === "commit" ? "committed" : "aborted");
    } else if (outcome === "abort" && (phase === "active" || phase === "voting")) {
      if (phase === "voting") this.#log.append(record);
      this.#end(transaction, "aborted");
    }
  }

  async #vote(part: Part): Promise<Vote | undefined> {
    const { transaction, born } = part;
    const standing: Standing = { phase: "voting", heardMs: this.#context.clock.monotonicMs() };
    this.#standings.set(transaction, standing);
    try {
      for (const key of keysWritten(part)) {
        await this.#lock({ transaction, born, key, mode: "exclusive" });
      }
    } catch {
      if (this.#standings.get(transaction) !== standing) return undefined;
      this.#context.probe("a participant refused: an older transaction had a lock");
      return this.refuse(part);
    }
    if (this.#standings.get(transaction) !== standing) return undefined;
    this.#log.append({ kind: "prepared", ...part });
    if (!this.#context.bugs.has("vote-not-durable")) await this.#log.force();
    if (this.#standings.get(transaction) !== standing) return undefined;
    this.#unprepared.delete(transaction);
    this.#standings.set(transaction, { phase: "prepared", part });
    this.#observeVote(part, "yes");
    return "yes";
  }

  async #lock(claim: Parameters<Locks["acquire"]>[0]): Promise<void> {
    const { waited } = await this.#locks.acquire(claim);
    if (waited) this.#context.probe("a transaction waited for a lock");
  }

  #begin(transaction: string): Standing {
    const heardMs = this.#context.clock.monotonicMs();
    const standing: Standing = { phase: "active", reads: new Set(), heardMs };
    this.#standings.set(transaction, standing);
    this.#unprepared.add(transaction);
    return standing;
  }

  #end(transaction: string, phase: "refused" | "read-only" | "committed" | "aborted"): void {
    this.#standings.set(transaction, { phase });
    this.#unprepared.delete(transaction);
    this.#locks.release(transaction);
  }

  #install({ writes }: Part): void {
    for (const write of writes) {
      this.#values.set(write.key, written(this.#values.get(write.key) ?? null, write));
    }
  }

  /** Whoever has not voted may still leave: its coordinator has crashed, or cannot be heard. */
  #forgetSilent(): void {
    const limitMs = this.#context.clock.monotonicMs() - FORGOTTEN_MS;
    for (const transaction of [...this.#unprepared]) {
      const standing = this.#standings.get(transaction);
      if (standing === undefined || !("heardMs" in standing)) continue;
      if (standing.heardMs >= limitMs) continue;
      this.#context.probe("locks of a silent coordinator were taken away");
      void this.refuse({ transaction });
    }
  }

  #observeVote({ transaction, participants }: Partial<Part>, vote: Vote): void {
    this.#context.observe("vote", { transaction, vote, participants });
  }
}

/** In order, so that all lock them in the same one. */
function keysWritten({ writes }: Part): string[] {
  return [...new Set(writes.map(({ key }) => key))].sort();
}

function over(): Refusal {
  return new Refusal(errorCodes.txnConflict, "the transaction is over here");
}
