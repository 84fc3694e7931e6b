/**
 * Log replication, the leader's side (§5.3), and the commit rule (§5.4.2).
 *
 * Entries are sent to followers while the leader still writes its own copy; the leader counts
 * itself like everybody else, once its copy is durable (thesis §10.2.1). Lost messages are noticed
 * by the next heartbeat, which names the entry that should precede it.
 */

import { type Appended, type Command, requestName } from "./messages.js";
import { Progress } from "./progress.js";
import { Rounds } from "./rounds.js";
import { reachedByMajority } from "./rules.js";
import type { Server } from "./server.js";

export interface ReplicationEvents {
  /** The commit index has moved on. */
  committed(): void;
  /** A majority has answered a later heartbeat round. */
  confirmed(): void;
}

export class Replication {
  readonly rounds = new Rounds();
  readonly #server: Server;
  readonly #events: ReplicationEvents;
  readonly #term: number;
  readonly #followers = new Map<string, Progress>();
  /** Up to where the leader's own log is durable. */
  #durableIndex = 0;

  constructor(server: Server, events: ReplicationEvents) {
    this.#server = server;
    this.#events = events;
    this.#term = server.term;
    for (const peer of server.context.peers) {
      this.#followers.set(peer, new Progress(server.log.lastIndex + 1));
    }
  }

  /** Appends to the leader's log and sends the entry to whoever is ready for it. */
  append(command: Command | null): void {
    const { log, storage } = this.#server;
    log.append({ term: this.#term, command });
    const index = log.lastIndex;
    for (const [peer, progress] of this.#followers) {
      // A probe carries entries too; the first one opens the term.
      if (progress.streaming || progress.nextIndex === index) this.#sendEntries(peer, progress);
    }
    storage.whenDurable(() => {
      if (!this.#leads()) return;
      this.#durableIndex = Math.max(this.#durableIndex, index);
      this.#advanceCommit();
    });
  }

  /** Begins a heartbeat round. */
  beginRound(): void {
    this.rounds.begin(this.#server.nowMs());
    for (const [peer, progress] of this.#followers) this.#send(peer, progress.nextIndex, 0);
    this.#confirmRounds();
  }

  onAppended(peer: string, answer: Appended): void {
    const progress = this.#followers.get(peer);
    if (progress === undefined || answer.term !== this.#term) return;
    if (answer.success) {
      progress.accepted(answer.matchIndex);
      if (progress.nextIndex <= this.#server.log.lastIndex) this.#sendEntries(peer, progress);
      this.#advanceCommit();
    } else if (progress.refused(answer.previousIndex, answer.conflictIndex)) {
      this.#sendEntries(peer, progress);
    }
    // Even a refusal comes from a follower of this leader in this term.
    progress.answeredRound = Math.max(progress.answeredRound, answer.round);
    this.#confirmRounds();
  }

  #leads(): boolean {
    return this.#server.role === "leader" && this.#server.term === this.#term;
  }

  /** While streaming, everything not yet sent; otherwise one batch, as a probe. */
  #sendEntries(peer: string, progress: Progress): void {
    const { log, settings } = this.#server;
    do {
      const count = this.#send(peer, progress.nextIndex, settings.batchEntriesMax);
      progress.sent(count);
    } while (progress.streaming && progress.nextIndex <= log.lastIndex);
  }

  #send(peer: string, nextIndex: number, countMax: number): number {
    const server = this.#server;
    const entries = server.log.slice(nextIndex, countMax);
    server.send(peer, {
      type: "append_entries",
      term: this.#term,
      round: this.rounds.latest,
      previous: server.log.position(nextIndex - 1),
      entries,
      commitIndex: server.commitIndex,
    });
    return entries.length;
  }

  #confirmRounds(): void {
    const { rounds } = this;
    const answered = [...this.#followers.values()].map((progress) => progress.answeredRound);
    const round = reachedByMajority([rounds.latest, ...answered]);
    if (round <= rounds.confirmed) return;
    rounds.confirm(round);
    this.#events.confirmed();
  }

  /**
   * An entry of this term on a majority is committed, and everything before it. An entry of an
   * older term is not, however many servers hold it: a later leader may still overwrite it
   * (figure 8).
   */
  #advanceCommit(): void {
    const server = this.#server;
    const matched = [...this.#followers.values()].map((progress) => progress.matchIndex);
    const index = reachedByMajority([this.#durableIndex, ...matched]);
    if (index <= server.commitIndex) return;
    if (server.log.termAt(index) !== this.#term && !server.bug("commit-previous-term")) {
      server.context.probe("an entry of an older term is on a majority, not committed by that");
      return;
    }
    this.#observeCommit(server.commitIndex + 1, index);
    server.commitTo(index);
    this.#events.committed();
  }

  /** Leaders say what they decide, entry by entry: no index may ever be decided in two ways. */
  #observeCommit(from: number, to: number): void {
    const { context, log } = this.#server;
    for (let index = from; index <= to; index++) {
      const entry = log.entry(index);
      if (entry === undefined) continue;
      const name = entry.command === null ? "no-op" : requestName(entry.command);
      context.observe("decide", { slot: index, value: `${name} of term ${entry.term}` });
    }
  }
}
