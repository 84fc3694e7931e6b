/**
 * The acceptor of one replica, for all instances at once: one promise covers the whole log.
 *
 * It answers when what it says is durable. While it is no voter (see rejoin.ts) it says nothing, and
 * only notes who leads.
 */

import type { Learner } from "./learner.js";
import type { Accept, Accepted, Prepare, Promised } from "./messages.js";
import type { Replica } from "./replica.js";

export interface AcceptorEvents {
  /** Has this candidate to wait, because a leader was heard a moment ago? */
  mustWait(candidate: string): boolean;
  /** Another replica's ballot has been promised. */
  promised(): void;
  /** Whoever leads in the highest ballot promised, or a higher one, has been heard. */
  heard(leader: string): void;
}

export class Acceptor {
  readonly #replica: Replica;
  readonly #learner: Learner;
  readonly #events: AcceptorEvents;

  constructor(replica: Replica, learner: Learner, events: AcceptorEvents) {
    this.#replica = replica;
    this.#learner = learner;
    this.#events = events;
  }

  onPrepare(candidate: string, { ballot, from }: Prepare): void {
    const { context, storage } = this.#replica;
    if (!storage.isVoter) return;
    if (this.#events.mustWait(candidate)) {
      context.probe("a promise was withheld: a leader may be alive");
      return;
    }
    if (ballot < storage.promised) {
      this.#refuse(candidate, ballot);
      return;
    }
    if (ballot > storage.promised && candidate !== this.#replica.id) this.#events.promised();
    storage.promise(ballot);
    const entries = this.#learner.entriesFrom(from);
    const lives = this.#replica.livesToTell;
    const promise: Promised = { type: "promise", ballot, from, entries, lives };
    storage.whenDurable(() => this.#replica.send(candidate, promise));
  }

  onAccept(leader: string, { ballot, round, learnt, entries }: Accept): void {
    const replica = this.#replica;
    const { storage } = replica;
    if (ballot < storage.promised) {
      if (storage.isVoter) this.#refuse(leader, ballot);
      return;
    }
    this.#events.heard(leader);
    if (entries.length === 0) this.#learner.compare(leader, learnt);
    if (!storage.isVoter) return;
    storage.promise(ballot);
    for (const entry of entries) storage.accept({ ...entry, ballot });
    const lives = replica.livesToTell;
    const accepted: Accepted = { type: "accepted", ballot, round, entries, lives };
    storage.whenDurable(() => {
      if (entries.length > 0) replica.sendToAll(accepted);
      else replica.send(leader, accepted);
    });
  }

  /** A refusal that a crash makes void does no harm: it need not be durable. */
  #refuse(proposer: string, ballot: number): void {
    const { context, storage } = this.#replica;
    context.probe("an acceptor refused: it had promised a higher ballot");
    this.#replica.send(proposer, { type: "refused", ballot, promised: storage.promised });
  }
}
