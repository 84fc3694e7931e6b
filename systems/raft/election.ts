/**
 * Leader election (§5.2), with the rule that nobody votes against a leader it has just heard
 * (§4.2.3 of the thesis): a follower ignores requests for its vote within the minimum election
 * timeout of hearing from a leader, and a leader ignores them while it leads.
 *
 * Lease reads rest on that rule, so it must survive a crash: with leases, a server that restarts
 * cannot know whether it heard from a leader, and waits one election timeout before it votes.
 */

import type { Timer } from "../../src/hosts/ts/node.js";
import { Ballot } from "./ballot.js";
import type { LogPosition, RequestVote, Vote } from "./messages.js";
import { mayVote } from "./rules.js";
import type { Server } from "./server.js";

export interface ElectionEvents {
  /** A later term was met, or this term's leader: whatever this server was, it now follows. */
  stepDown(term: number): void;
  won(): void;
}

export class Election {
  readonly #server: Server;
  readonly #events: ElectionEvents;
  /** Local time before which this server neither votes nor stands for election. */
  #quietUntilMs: number;
  #deadlineMs = 0;
  #ballot: Ballot | undefined;
  #repeat: Timer | undefined;

  constructor(server: Server, events: ElectionEvents) {
    this.#server = server;
    this.#events = events;
    const { reads, electionTimeoutMs } = server.settings;
    this.#quietUntilMs = reads === "lease" ? server.nowMs() + electionTimeoutMs : 0;
  }

  /** Starts the clock of elections; called once. */
  start(): void {
    this.#postpone();
    this.#watch();
  }

  /** The leader of this term has been heard. */
  heardFromLeader(): void {
    this.#quietUntilMs = this.#server.nowMs() + this.#server.settings.electionTimeoutMs;
    this.#postpone();
  }

  /** No longer a candidate. */
  abandon(): void {
    this.#ballot = undefined;
    this.#repeat?.cancel();
    this.#postpone();
  }

  onRequestVote(candidate: string, request: RequestVote): void {
    const server = this.#server;
    if (this.#mayHaveLeader()) {
      server.context.probe("vote withheld: a leader may be alive");
      return;
    }
    if (request.term > server.term) this.#events.stepDown(request.term);
    const granted = mayVote(
      { ...server.voterView, lastLog: this.#asCompared(server.log.last) },
      { id: candidate, term: request.term, lastLog: this.#asCompared(request.lastLog) },
    );
    if (granted) {
      server.voteFor(candidate);
      this.#postpone();
    } else if (request.term === server.term) server.context.probe("vote refused");
    const vote: Vote = { type: "vote", term: server.term, granted };
    server.storage.whenDurable(() => server.send(candidate, vote));
  }

  onVote(voter: string, vote: Vote): void {
    if (this.#ballot === undefined || vote.term !== this.#server.term) return;
    if (vote.granted && this.#ballot.hasAnswered(voter)) {
      this.#server.context.probe("a vote arrived twice");
    }
    this.#ballot.count(voter, vote.granted);
    this.#closeIfWon();
  }

  /** What of a log's end the voter compares. */
  #asCompared(last: LogPosition): LogPosition {
    return this.#server.bug("vote-ignores-log-term") ? { index: last.index, term: 0 } : last;
  }

  #mayHaveLeader(): boolean {
    return this.#server.role === "leader" || this.#server.nowMs() < this.#quietUntilMs;
  }

  /** One timer at a time: it looks at the deadline when it fires, so that postponing costs nothing. */
  #watch(): void {
    const server = this.#server;
    const waitMs = Math.max(0, this.#deadlineMs - server.nowMs());
    server.context.after(waitMs, () => {
      if (server.role === "leader") this.#postpone();
      else if (server.nowMs() >= this.#deadlineMs) this.#stand();
      this.#watch();
    });
  }

  #postpone(): void {
    const { electionTimeoutMs } = this.#server.settings;
    this.#deadlineMs =
      this.#server.nowMs() + electionTimeoutMs + this.#server.context.random.int(electionTimeoutMs);
  }

  #stand(): void {
    const server = this.#server;
    if (this.#ballot?.contested) server.context.probe("election without a winner");
    this.#postpone();
    this.#repeat?.cancel();
    server.role = "candidate";
    server.enterTerm(server.term + 1);
    server.voteFor(server.id);
    this.#ballot = new Ballot({
      serverCount: server.context.nodes.length,
      countReplies: server.bug("count-votes-twice"),
    });
    const { term } = server;
    server.storage.whenDurable(() => {
      if (server.role !== "candidate" || server.term !== term) return;
      this.#ballot?.count(server.id, true);
      this.#closeIfWon();
      this.#ask();
    });
  }

  /** Requests may be lost: whoever has not answered is asked again. */
  #ask(): void {
    const server = this.#server;
    const ballot = this.#ballot;
    if (ballot === undefined) return;
    const request: RequestVote = {
      type: "request_vote",
      term: server.term,
      lastLog: server.log.last,
    };
    for (const peer of server.context.peers) {
      if (!ballot.hasAnswered(peer)) server.send(peer, request);
    }
    this.#repeat = server.context.after(server.settings.heartbeatMs, () => this.#ask());
  }

  #closeIfWon(): void {
    if (this.#ballot?.won) this.#events.won();
  }
}
