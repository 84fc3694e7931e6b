/**
 * Who leads: phase 1 for the whole log, begun by whoever has not heard of a leader for a random while.
 *
 * An acceptor lets others wait that ask for its promise within one election timeout of hearing from
 * the leader. That keeps a replica with bad links from deposing a leader that all others hear; and
 * the master's lease rests on it ("Paxos Made Live", 5.2: replicas refuse to process messages of
 * others while the lease lasts). So with leases the rule must survive a crash: a replica that restarts
 * cannot know whom it heard, and waits one election timeout before it promises anything.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { Timer } from "../../src/hosts/ts/node.js";
import type { Entry, Prepare, Promised } from "./messages.js";
import type { Replica } from "./replica.js";

export interface ElectionEvents {
  /** A majority has promised the ballot; what each of them had accepted, this replica first. */
  won(ballot: number, accepted: readonly Entry[][]): void;
}

export class Election {
  readonly #replica: Replica;
  readonly #events: ElectionEvents;
  readonly #promises = new Map<string, Entry[]>();
  /** Local time before which nobody but the leader last heard is promised anything. */
  #quietUntilMs: number;
  #lastHeard: string | undefined;
  #deadlineMs = 0;
  #highestSeen = 0;
  /** The request of the present candidacy. */
  #prepare: Prepare | undefined;
  #repeat: Timer | undefined;

  constructor(replica: Replica, events: ElectionEvents) {
    this.#replica = replica;
    this.#events = events;
    const { reads, electionTimeoutMs } = replica.settings;
    this.#quietUntilMs = reads === "lease" ? replica.nowMs() + electionTimeoutMs : 0;
  }

  /** Starts the clock of elections; called once. */
  start(): void {
    this.postpone();
    this.#watch();
  }

  heardFrom(leader: string): void {
    this.#lastHeard = leader;
    this.#quietUntilMs = this.#replica.nowMs() + this.#replica.settings.electionTimeoutMs;
    this.postpone();
  }

  mustWait(candidate: string): boolean {
    if (candidate === this.#replica.id) return false;
    if (this.#replica.role === "leader") return true;
    return this.#replica.nowMs() < this.#quietUntilMs && candidate !== this.#lastHeard;
  }

  /** No longer a candidate. */
  abandon(): void {
    this.#prepare = undefined;
    this.#repeat?.cancel();
    this.postpone();
  }

  postpone(): void {
    const { electionTimeoutMs } = this.#replica.settings;
    const randomMs = this.#replica.context.random.int(electionTimeoutMs);
    this.#deadlineMs = this.#replica.nowMs() + electionTimeoutMs + randomMs;
  }

  /** Begins a ballot higher than any that this replica has heard of. */
  stand(): void {
    const replica = this.#replica;
    const { storage } = replica;
    if (replica.role === "candidate") replica.context.probe("a ballot without a winner");
    this.abandon();
    replica.role = "candidate";
    replica.leader = undefined;
    const ballot = replica.ballots.after(Math.max(this.#highestSeen, storage.promised), replica.id);
    this.#prepare = { type: "prepare", ballot, from: storage.learnt + 1 };
    this.#promises.clear();
    // Its own promise is durable before others hear of the ballot: it is never used again.
    replica.send(replica.id, this.#prepare);
  }

  onPromise(acceptor: string, { ballot, from, entries }: Promised): void {
    const { context } = this.#replica;
    if (this.#prepare?.ballot !== ballot || this.#prepare.from !== from) return;
    const isFirst = this.#promises.size === 0;
    this.#promises.set(acceptor, entries);
    if (isFirst) this.#ask();
    if (this.#promises.size < majorityOf(context.nodes.length)) return;
    this.abandon();
    this.#events.won(ballot, [...this.#promises.values()]);
  }

  /** A higher ballot exists; true when it was this replica's present candidacy that was refused. */
  onRefused(ballot: number, promised: number): void {
    this.#highestSeen = Math.max(this.#highestSeen, promised);
    if (this.#prepare?.ballot !== ballot) return;
    this.#replica.context.probe("a candidate was outbid");
  }

  /** What an acceptor said in an earlier life counts no longer. */
  forget(acceptor: string): void {
    this.#promises.delete(acceptor);
  }

  /** One timer at a time: it looks at the deadline when it fires, so that postponing costs nothing. */
  #watch(): void {
    const replica = this.#replica;
    const waitMs = Math.max(0, this.#deadlineMs - replica.nowMs());
    replica.context.after(waitMs, () => {
      if (replica.role === "leader") this.postpone();
      else if (replica.nowMs() >= this.#deadlineMs) this.stand();
      this.#watch();
    });
  }

  /** Requests may be lost: whoever has not promised is asked again. */
  #ask(): void {
    const replica = this.#replica;
    const prepare = this.#prepare;
    if (prepare === undefined) return;
    for (const peer of replica.context.peers) {
      if (!this.#promises.has(peer)) replica.send(peer, prepare);
    }
    this.#repeat = replica.context.after(replica.settings.heartbeatMs, () => this.#ask());
  }
}
