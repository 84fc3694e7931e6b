/**
 * Linearizable reads without a log entry (thesis §6.4): by ReadIndex, or by lease.
 *
 * A leader's state is the newest only if (1) it knows all that is committed: so the no-op of its
 * own term must be committed first; and (2) nobody else leads by now. For (2), ReadIndex waits for
 * a majority to answer a heartbeat round that began after the read arrived. A lease saves that
 * wait: a majority that answered a round refuses to vote for one election timeout, so nobody else
 * can lead until shortly before that has passed, counted from the beginning of the round.
 */

import { assert } from "../../src/base/errors.js";
import type { Replication } from "./replication.js";
import type { Server } from "./server.js";

/** A read waiting for the leader to be sure; `serve` answers it from the present state. */
interface WaitingRead {
  serve: () => void;
  /** The first round whose confirmation counts for this read. */
  round: number;
  /** What was committed when the read arrived. */
  readIndex: number;
}

export class Reads {
  readonly #server: Server;
  readonly #replication: Replication;
  /** The leader's own no-op: once it is committed, so is everything before it. */
  readonly #openingIndex: number;
  #early: (() => void)[] = [];
  #waiting: WaitingRead[] = [];

  constructor(server: Server, replication: Replication, openingIndex: number) {
    this.#server = server;
    this.#replication = replication;
    this.#openingIndex = openingIndex;
  }

  /** Calls `serve` as soon as the state of this server answers the read. */
  request(serve: () => void): void {
    const server = this.#server;
    if (server.bug("stale-read")) serve();
    else if (this.#knowsCommitted()) this.#confirm(serve);
    else {
      server.context.probe("a read waited for the no-op of a new term");
      this.#early.push(serve);
    }
  }

  /** The commit index has moved on. */
  committed(): void {
    if (this.#early.length === 0 || !this.#knowsCommitted()) return;
    const early = this.#early;
    this.#early = [];
    for (const serve of early) this.#confirm(serve);
  }

  /** A majority has answered a later heartbeat round. Amortised O(1) a read. */
  confirmed(): void {
    const { rounds } = this.#replication;
    const sure = this.#waiting.filter((read) => read.round <= rounds.confirmed);
    if (sure.length > 0) this.#waiting = this.#waiting.slice(sure.length);
    for (const read of sure) {
      assert(this.#server.appliedIndex >= read.readIndex, "committed entries are applied at once");
      read.serve();
    }
    const next = this.#waiting[0];
    if (next !== undefined && next.round > rounds.latest) this.#replication.beginRound();
  }

  #knowsCommitted(): boolean {
    const server = this.#server;
    return server.commitIndex >= this.#openingIndex || server.bug("read-index-without-no-op");
  }

  #confirm(serve: () => void): void {
    const server = this.#server;
    const { rounds } = this.#replication;
    if (server.settings.reads === "lease") {
      // Looked at in the very moment of answering: a pause may lie behind us.
      if (this.#holdsLease()) {
        server.context.probe("served a read by lease");
        serve();
        return;
      }
      server.context.probe("no lease: a read waited for a heartbeat round");
    }
    const readIndex = server.commitIndex;
    this.#waiting.push({ serve, round: rounds.latest + 1, readIndex });
    // One round at a time: reads that come while it is under way share the next one.
    if (rounds.confirmed === rounds.latest) this.#replication.beginRound();
  }

  #holdsLease(): boolean {
    const beganMs = this.#replication.rounds.confirmedBeganMs;
    return beganMs !== undefined && this.#server.nowMs() < beganMs + this.#server.settings.leaseMs;
  }
}
