/**
 * Log replication, the leader's side (§5.3), and the commit rule (§5.4.2).
 *
 * Entries are sent to followers while the leader still writes its own copy; the leader counts
 * itself like everybody else, once its copy is durable (thesis §10.2.1). Lost messages are noticed
 * by the next heartbeat, which names the entry that should precede it. Who needs entries that are
 * compacted away gets the snapshot instead.
 */

import { reachedByQuorum, serversOf } from "./configuration.js";
import { type Appended, type Entry, requestName } from "./messages.js";
import { Progress } from "./progress.js";
import { Rounds } from "./rounds.js";
import type { Server } from "./server.js";

export interface ReplicationEvents {
  /** The commit index has moved on. */
  committed(): void;
  /** A majority has answered a later heartbeat round. */
  confirmed(): void;
  /** A server without a vote has answered. */
  learned(): void;
}

export class Replication {
  readonly rounds = new Rounds();
  readonly #server: Server;
  readonly #events: ReplicationEvents;
  readonly #term: number;
  readonly #followers = new Map<string, Progress>();
  /** Gets entries without having a vote: a server about to be added. */
  #learner: string | undefined;
  /** Up to where the leader's own log is durable. */
  #durableIndex = 0;

  constructor(server: Server, events: ReplicationEvents) {
    this.#server = server;
    this.#events = events;
    this.#term = server.term;
    this.#fitFollowers(0);
  }

  /** Appends to the leader's log and sends the entry to whoever is ready for it. */
  append(content: Omit<Entry, "term">): void {
    const { log, storage } = this.#server;
    this.#server.append({ term: this.#term, ...content });
    const index = log.lastIndex;
    for (const [peer, progress] of this.#followers) {
      // A probe carries entries too; the first one opens the term.
      if (progress.streaming || progress.nextIndex === index) this.#sendEntries(peer, progress);
    }
    if (content.configuration !== undefined) this.#fitFollowers(this.rounds.latest);
    storage.whenDurable(() => {
      if (!this.#leads()) return;
      this.#durableIndex = Math.max(this.#durableIndex, index);
      this.#advanceCommit();
    });
  }

  /** Copies the log to a server that has no vote, from the beginning; undefined: to none. */
  teach(learner: string | undefined): void {
    this.#learner = learner;
    if (learner !== undefined) this.#followers.delete(learner);
    this.#fitFollowers(this.rounds.latest + 1);
    if (learner !== undefined) this.beginRound();
  }

  /** Has the server everything that is committed? */
  hasAllCommitted(peer: string): boolean {
    const progress = this.#followers.get(peer);
    return progress !== undefined && progress.matchIndex >= this.#server.commitIndex;
  }

  /** Begins a heartbeat round. */
  beginRound(): void {
    if (!this.#leads()) return;
    this.rounds.begin(this.#server.nowMs());
    for (const [peer, progress] of this.#followers) this.#sendHeartbeat(peer, progress);
    this.#confirmRounds();
  }

  onAppended(peer: string, answer: Appended): void {
    const progress = this.#followers.get(peer);
    if (progress === undefined || answer.term !== this.#term) return;
    if (answer.round < progress.sinceRound) return;
    if (answer.success) {
      const before = progress.matchIndex;
      progress.accepted(answer.matchIndex);
      if (progress.matchIndex < before) this.#observeFall(peer, before, progress.matchIndex);
      if (progress.nextIndex <= this.#server.log.lastIndex) this.#sendEntries(peer, progress);
      this.#advanceCommit();
    } else if (progress.refused(answer.previousIndex, answer.conflictIndex)) {
      this.#sendEntries(peer, progress);
    }
    // Even a refusal comes from a follower of this leader in this term.
    progress.answeredRound = Math.max(progress.answeredRound, answer.round);
    this.#confirmRounds();
    if (peer === this.#learner) this.#events.learned();
  }

  #leads(): boolean {
    return this.#server.role === "leader" && this.#server.term === this.#term;
  }

  /** Those of the configuration and the learner are sent entries; who is new, from `sinceRound` on. */
  #fitFollowers(sinceRound: number): void {
    const { configuration, id, log } = this.#server;
    const wanted = new Set(serversOf(configuration));
    if (this.#learner !== undefined) wanted.add(this.#learner);
    wanted.delete(id);
    for (const peer of [...this.#followers.keys()]) {
      if (!wanted.has(peer)) this.#followers.delete(peer);
    }
    const forgetsMatch = this.#server.bug("match-goes-back");
    for (const peer of wanted) {
      if (this.#followers.has(peer)) continue;
      const nextIndex = log.lastIndex + 1;
      this.#followers.set(peer, new Progress({ nextIndex, sinceRound, forgetsMatch }));
    }
  }

  /** While streaming, everything not yet sent; otherwise one batch, as a probe. */
  #sendEntries(peer: string, progress: Progress): void {
    const { log, settings } = this.#server;
    do {
      if (progress.nextIndex <= log.base.index) {
        this.#sendSnapshot(peer, progress);
        return;
      }
      const count = this.#send(peer, progress.nextIndex, settings.batchEntriesMax);
      progress.sent(count);
    } while (progress.streaming && progress.nextIndex <= log.lastIndex);
  }

  /** Asks whether the follower has all that it was sent; the answer of who has not says so. */
  #sendHeartbeat(peer: string, progress: Progress): void {
    const { base } = this.#server.log;
    this.#send(peer, Math.max(progress.nextIndex, base.index + 1), 0);
    if (progress.nextIndex <= base.index) this.#sendSnapshot(peer, progress);
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

  /** One at a time; again when there was no answer for long. */
  #sendSnapshot(peer: string, progress: Progress): void {
    const server = this.#server;
    const nowMs = server.nowMs();
    const sentMs = progress.snapshotSentMs;
    if (sentMs !== undefined && nowMs - sentMs < server.settings.electionTimeoutMs) return;
    const { snapshot } = server;
    if (snapshot === undefined) return;
    progress.snapshotSentMs = nowMs;
    server.context.probe("sent a snapshot");
    const { latest: round } = this.rounds;
    server.send(peer, { type: "install_snapshot", term: this.#term, round, snapshot });
  }

  #confirmRounds(): void {
    const { rounds } = this;
    const round = this.#reached(rounds.latest, (progress) => progress.answeredRound);
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
    const index = this.#reached(this.#durableIndex, (progress) => progress.matchIndex);
    if (index <= server.commitIndex) return;
    if (server.log.termAt(index) !== this.#term && !server.bug("commit-previous-term")) {
      server.context.probe("an entry of an older term is on a majority, not committed by that");
      return;
    }
    this.#observeCommit(server.commitIndex + 1, index);
    server.commitTo(index, this.#holdersOf(index));
    this.#events.committed();
  }

  /** The highest value that a quorum has reached, the leader's own given. */
  #reached(own: number, heightOf: (progress: Progress) => number): number {
    const { configuration, id, majority } = this.#server;
    const reached = (server: string): number => {
      if (server === id) return own;
      const progress = this.#followers.get(server);
      return progress === undefined ? 0 : heightOf(progress);
    };
    return reachedByQuorum(configuration, reached, majority);
  }

  /** What should never happen is said when it does. */
  #observeFall(of: string, from: number, to: number): void {
    const { context } = this.#server;
    for (const index of [from, to]) context.observe("match", { of, term: this.#term, index });
  }

  #holdersOf(index: number): string[] {
    const { configuration, id } = this.#server;
    const matched = (server: string): number =>
      server === id ? this.#durableIndex : (this.#followers.get(server)?.matchIndex ?? 0);
    return serversOf(configuration).filter((server) => matched(server) >= index);
  }

  /** Leaders say what they decide, entry by entry: no index may ever be decided in two ways. */
  #observeCommit(from: number, to: number): void {
    const { context, log } = this.#server;
    for (let index = from; index <= to; index++) {
      const entry = log.entry(index);
      if (entry === undefined) continue;
      const { command, configuration, term } = entry;
      const name = command === null ? "no-op" : requestName(command);
      const what = configuration === undefined ? name : serversOf(configuration).join(" ");
      const value = `${what} of term ${term}`;
      context.observe("decide", { slot: index, value, entryTerm: term, term: this.#term });
    }
  }
}
