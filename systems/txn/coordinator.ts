/**
 * The side of a node that clients see: it runs their transactions, and sees to their commit.
 *
 * A request is run at most once here (requests.ts).
 *
 * Until its record is sent to the leader, a transaction can be given up with a definite error. From
 * then on only the log decides: the record is sent again and again, and to every new leader, and
 * where no decision comes to be known in time, nothing is said.
 */

import {
  errorCodes,
  type JsonObject,
  type Message,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { type Isolation, snapshotReads } from "./isolation.js";
import type { TransactionLeader } from "./leader.js";
import {
  type Abandon,
  type Commit,
  type CommitRecord,
  type Decision,
  type Lock,
  type Locked,
  nameOf,
  type RequestId,
} from "./messages.js";
import type { Procedure } from "./procedures.js";
import type { ReplicatedLog } from "./replicated-log.js";
import { take } from "./requests.js";
import { type ScanningTransaction, scanningProcedureOf } from "./scan-insert.js";
import type { StateMachine } from "./state-machine.js";
import { Transaction } from "./transaction.js";

const LOCK_RETRY_MS = 150;
const COMMIT_RETRY_MS = 150;
/** Until there is a leader to turn to. */
const PAUSE_MS = 20;

export interface CoordinatorParts {
  context: NodeContext;
  isolation: Isolation;
  log: ReplicatedLog;
  machine: StateMachine;
  leader: TransactionLeader;
  /** How long a micro-operation takes, on average. */
  stepMs: number;
  /** Takes a message to the leader, wherever it is, if one is known. */
  tellLeader(message: Commit | Abandon): void;
}

type AnyProcedure = Procedure<ScanningTransaction>;

/** A transaction under way. */
interface Begun {
  procedure: AnyProcedure;
  transaction: Transaction;
  untilMs: number;
}

interface OpenCommit {
  record: CommitRecord;
  attempts: number;
  decided(decision: Decision | undefined): void;
}

export class Coordinator {
  readonly #parts: CoordinatorParts;
  /** Records sent and not decided, as far as this node knows, by the name of their request. */
  readonly #open = new Map<string, OpenCommit>();
  /** Transactions begun here whose fate is not known here, by the same names. */
  readonly #running = new Map<string, Transaction>();

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
  }

  /** Runs a client's request. @throws Refusal when it certainly has no effect. */
  async run(message: Message): Promise<JsonObject | undefined> {
    const { context } = this.#parts;
    const request = await take(context, message, scanningProcedureOf);
    if (request === undefined) return undefined;
    const { id, procedure, untilMs } = request;
    await this.#catchUp(untilMs);
    const transaction = this.#begin(id, procedure, untilMs);
    this.#running.set(nameOf(id), transaction);
    try {
      return await this.#finish(id, { procedure, transaction, untilMs });
    } finally {
      this.#running.delete(nameOf(id));
    }
  }

  /** Runs a transaction that has begun, and sees to its commit. */
  async #finish(
    id: RequestId,
    { procedure, transaction, untilMs }: Begun,
  ): Promise<JsonObject | undefined> {
    const { context } = this.#parts;
    const reply = await this.#execute(id, procedure, transaction);
    if (transaction.isReadOnly && !this.#isolationFor(procedure).logsReads) return reply;
    const decision = await this.#commitAll(transaction.record(), untilMs);
    if (decision === undefined) return undefined;
    if (!decision.committed) {
      context.probe("a commit lost to another transaction");
      throw new Refusal(errorCodes.txnConflict, "another transaction came first");
    }
    return procedure.stamped ? { ...reply, timestamp: decision.timestamp } : reply;
  }

  /** The fate of a transaction is known here. */
  decided(id: RequestId, decision: Decision): void {
    const name = nameOf(id);
    this.#running.delete(name);
    this.#open.get(name)?.decided(decision);
    this.#open.delete(name);
  }

  /** There is somebody new to send records to. */
  resend(): void {
    for (const open of this.#open.values()) this.#send(open);
  }

  /** A node that has just started does not know what has been decided since it stopped. */
  async #catchUp(untilMs: number): Promise<void> {
    const { context, log } = this.#parts;
    while (!log.caughtUp) {
      if (context.clock.monotonicMs() >= untilMs) {
        throw new Refusal(errorCodes.temporarilyUnavailable, "nothing heard since the start");
      }
      await context.sleep(PAUSE_MS);
    }
  }

  #begin(id: RequestId, procedure: AnyProcedure, untilMs: number): Transaction {
    const { context, log, machine, stepMs } = this.#parts;
    return new Transaction({
      id,
      isolation: this.#isolationFor(procedure),
      store: machine.store,
      snapshot: log.applied,
      latest: () => log.applied,
      uncommitted: (key) => [...this.#running.values()].flatMap((other) => other.writesOf(key)),
      bugs: context.bugs,
      step: () => context.sleep(context.random.int(2 * stepMs + 1)),
      lock: (key, mode, lockTerm) =>
        this.#lock({ type: "lock", owner: id, lockTerm, key, mode }, untilMs),
    });
  }

  #isolationFor({ readOnly }: AnyProcedure): Isolation {
    const { context, isolation } = this.#parts;
    const { bugs } = context;
    const apart =
      isolation.readersApart ||
      bugs.has("stale-replica-read") ||
      bugs.has("readers-leave-no-trace");
    return readOnly && apart ? snapshotReads : isolation;
  }

  /** Runs the procedure; when it gives up, its locks are freed. */
  async #execute(
    id: RequestId,
    procedure: AnyProcedure,
    transaction: Transaction,
  ): Promise<JsonObject> {
    try {
      return await procedure.run(transaction);
    } catch (error) {
      const { isolation, tellLeader } = this.#parts;
      if (isolation.locksWrites) tellLeader({ type: "abandon", owner: id });
      throw error;
    }
  }

  /** Asks for a lock, wherever the leader is, until it is granted or refused. */
  async #lock(lock: Lock, untilMs: number): Promise<Locked> {
    const { context } = this.#parts;
    for (;;) {
      const leftMs = untilMs - context.clock.monotonicMs();
      if (leftMs <= 0) throw new Refusal(errorCodes.txnConflict, "no lock in time");
      try {
        return await this.#askForLock(lock, Math.min(leftMs, LOCK_RETRY_MS));
      } catch (error) {
        const elsewhere =
          error instanceof Refusal && error.code === errorCodes.temporarilyUnavailable;
        if (!elsewhere && !(error instanceof RpcTimeout)) throw error;
        if (elsewhere) await context.sleep(PAUSE_MS);
      }
    }
  }

  async #askForLock(lock: Lock, timeoutMs: number): Promise<Locked> {
    const { context, leader, log } = this.#parts;
    if (log.leader === undefined) {
      throw new Refusal(errorCodes.temporarilyUnavailable, "no leader known");
    }
    if (log.leader !== context.id) {
      return (await context.rpc(log.leader, lock, { timeoutMs })) as Locked;
    }
    const timer = context.sleep(timeoutMs).then(() => {
      throw new RpcTimeout("no lock yet");
    });
    return Promise.race([leader.lock(lock), timer]);
  }

  /** Undefined when nothing is known in time. */
  async #commitAll(record: CommitRecord, untilMs: number): Promise<Decision | undefined> {
    if (!this.#parts.context.bugs.has("commits-write-by-write")) {
      return this.#commit(record, untilMs);
    }
    let decision: Decision | undefined;
    for (const [i, write] of record.writes.entries()) {
      const client = `${record.client}#${i}`;
      // None of them is the owner of the transaction's locks, which are not kept.
      this.#parts.tellLeader({ type: "abandon", owner: record });
      decision = await this.#commit(
        { ...record, client, lockTerm: null, writes: [write] },
        untilMs,
      );
    }
    return decision;
  }

  /** The fate of one record of the log. */
  async #commit(record: CommitRecord, untilMs: number): Promise<Decision | undefined> {
    const { context } = this.#parts;
    const leftMs = Math.max(0, untilMs - context.clock.monotonicMs());
    const decision = await new Promise<Decision | undefined>((decided) => {
      const open: OpenCommit = { record, attempts: 0, decided };
      this.#open.set(nameOf(record), open);
      context.after(leftMs, () => {
        this.#open.delete(nameOf(record));
        decided(undefined);
      });
      this.#send(open);
      this.#resendLater(open);
    });
    if (decision !== undefined) return decision;
    if (context.bugs.has("timeout-is-abort")) return { committed: false, timestamp: 0 };
    context.probe("a transaction's fate was not known in time");
    return undefined;
  }

  #resendLater(open: OpenCommit): void {
    this.#parts.context.after(COMMIT_RETRY_MS, () => {
      if (this.#open.get(nameOf(open.record)) !== open) return;
      this.#send(open);
      this.#resendLater(open);
    });
  }

  #send(open: OpenCommit): void {
    const { context, tellLeader } = this.#parts;
    const attempt = open.attempts++;
    if (attempt > 0) context.probe("a commit was sent again");
    let { record } = open;
    if (attempt > 0 && context.bugs.has("double-append-on-retry")) {
      record = { ...record, client: `${record.client}#${attempt}` };
    }
    tellLeader({ type: "commit", record });
  }
}
