/**
 * What a node does for transactions while it leads: it keeps the locks, and takes records to the
 * log.
 *
 * Locks live in the leader's memory and die with its leadership: that is safe only because a
 * transaction names the term of its locks, and is refused when that term is over (a fencing token:
 * Kleppmann, "How to do distributed locking", 2016). Within the term the leader is alone in
 * granting them, and keeps them until the record is applied. A lock is granted only once the leader
 * has applied what earlier leaders may have decided, so that the value under it is the latest.
 *
 * A coordinator may crash: the locks of a transaction that has not been heard of for long, and has
 * not asked to be committed, are taken away, and the transaction with them.
 */

import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import type { Isolation } from "./isolation.js";
import { LockTable } from "./locks.js";
import {
  type Commit,
  type CommitRecord,
  type Lock,
  type Locked,
  nameOf,
  type RequestId,
} from "./messages.js";
import type { ReplicatedLog } from "./replicated-log.js";
import type { StateMachine } from "./state-machine.js";

/** More than a client waits for a transaction, clocks drifting. */
const FORGOTTEN_MS = 1_500;

export interface LeaderParts {
  context: Pick<NodeContext, "bugs" | "clock" | "probe">;
  isolation: Isolation;
  log: Pick<ReplicatedLog, "leads" | "term" | "append">;
  machine: StateMachine;
}

interface Waiter {
  resolve(): void;
  reject(error: Refusal): void;
}

export class TransactionLeader {
  readonly #parts: LeaderParts;
  #locks = new LockTable();
  /** When each lock owner was last heard of; Infinity once its record is on the way to the log. */
  #heardMs = new Map<string, number>();
  /** A transaction waits for one lock at a time. */
  #waiters = new Map<string, Waiter>();
  /** Over in this term: a late copy of a request must not take locks again. */
  #ended = new Set<string>();

  constructor(parts: LeaderParts) {
    this.#parts = parts;
  }

  /** A leadership begins or ends: no lock of another one counts. */
  reset(): void {
    const waiters = [...this.#waiters.values()];
    this.#locks = new LockTable();
    this.#heardMs = new Map();
    this.#waiters = new Map();
    this.#ended = new Set();
    for (const { reject } of waiters) reject(notLeading());
  }

  /**
   * Resolves once the lock is granted.
   * @throws Refusal 11 where this node does not lead, 30 when the transaction must give up.
   */
  async lock({ owner, lockTerm, key, mode }: Lock): Promise<Locked> {
    const { context, log, machine } = this.#parts;
    if (!log.leads) throw notLeading();
    const { term } = log;
    const name = nameOf(owner);
    this.#forget();
    if (this.#isOver(owner)) throw conflict("a copy of a request, come too late");
    if (lockTerm !== null && !this.#stands(owner, lockTerm)) {
      context.probe("locks of an ended leadership were refused");
      throw conflict("its locks are gone");
    }
    this.#heardMs.set(name, context.clock.monotonicMs());
    switch (this.#locks.acquire(name, key, mode)) {
      case "dies":
        context.probe("a transaction died rather than wait for an older one");
        this.abandon(owner);
        throw conflict(`${key} is locked by an older transaction`);
      case "waits":
        context.probe("a transaction waited for a lock");
        await new Promise<void>((resolve, reject) => this.#waiters.set(name, { resolve, reject }));
        break;
      case "granted":
        break;
    }
    return { type: "locked", term, value: machine.store.latest(key) };
  }

  /** Gives a transaction up that never asked to be committed. */
  abandon(owner: RequestId): void {
    const name = nameOf(owner);
    if (this.#heardMs.get(name) === Number.POSITIVE_INFINITY) return;
    this.#ended.add(name);
    this.#waiters.get(name)?.reject(conflict("given up"));
    this.#release(name);
  }

  /** Takes a record to the log; false when the transaction certainly will not be committed. */
  commit(via: string, { record }: Commit): boolean {
    const { log } = this.#parts;
    if (record.lockTerm === null) {
      log.append(via, record);
      return true;
    }
    // A leader of an earlier term cannot know what became of a transaction of a later one.
    if (!log.leads || log.term < record.lockTerm) return true;
    if (!this.#stands(record, record.lockTerm)) {
      this.#parts.context.probe("locks of an ended leadership were refused");
      return false;
    }
    this.#heardMs.set(nameOf(record), Number.POSITIVE_INFINITY);
    log.append(via, record);
    if (this.#parts.context.bugs.has("unlocks-before-commit")) {
      this.#release(nameOf(record));
      this.#heardMs.set(nameOf(record), Number.POSITIVE_INFINITY);
    }
    return true;
  }

  /** A record was applied: its locks have done their work. */
  applied(record: CommitRecord): void {
    if (!this.#parts.isolation.locksWrites) return;
    this.#ended.add(nameOf(record));
    this.#release(nameOf(record));
  }

  /** Must the transaction take no lock any more? */
  #isOver(owner: RequestId): boolean {
    const name = nameOf(owner);
    if (this.#ended.has(name) || this.#heardMs.get(name) === Number.POSITIVE_INFINITY) return true;
    return this.#parts.machine.decision(owner) !== undefined;
  }

  /** Are all locks that the transaction was given still its own? */
  #stands(owner: RequestId, lockTerm: number | null): boolean {
    if (this.#parts.context.bugs.has("lost-lock-on-failover")) return true;
    return lockTerm === this.#parts.log.term && this.#heardMs.has(nameOf(owner));
  }

  #release(name: string): void {
    this.#heardMs.delete(name);
    this.#waiters.delete(name);
    for (const lucky of this.#locks.release(name)) {
      this.#waiters.get(lucky)?.resolve();
      this.#waiters.delete(lucky);
    }
  }

  /** Frees what the transactions of crashed coordinators hold. O(open transactions). */
  #forget(): void {
    const { context } = this.#parts;
    const limitMs = context.clock.monotonicMs() - FORGOTTEN_MS;
    for (const [name, heardMs] of [...this.#heardMs]) {
      if (heardMs >= limitMs) continue;
      context.probe("locks of a silent coordinator were taken away");
      this.#ended.add(name);
      this.#release(name);
    }
  }
}

function notLeading(): Refusal {
  return new Refusal(errorCodes.temporarilyUnavailable, "not the leader");
}

function conflict(text: string): Refusal {
  return new Refusal(errorCodes.txnConflict, text);
}
