/**
 * Leader election (§5.2), with three rules that keep a working leader in office:
 *
 * - Nobody votes against a leader it has just heard (thesis §4.2.3): a follower ignores requests for
 *   its vote within the minimum election timeout of hearing from a leader, and a leader ignores them
 *   while it leads. With it goes that a leader without a majority steps down (§6.2, leader.ts).
 * - Pre-vote (§9.6): who would stand first asks whether it would be voted for, and enters a new term
 *   only if a quorum says so. A server that was cut off, or removed, so deposes nobody when it is back.
 * - A newcomer, who has lost what an earlier server of its name has promised, keeps out of votes
 *   until it has caught up.
 *
 * Lease reads rest on the first rule, so it must survive a crash: with leases, a server that restarts
 * cannot know whether it heard from a leader, and waits one election timeout before it votes.
 */

import type { Timer } from "../../src/hosts/ts/node.js";
import { Ballot } from "./ballot.js";
import { serversOf } from "./configuration.js";
import type { LogPosition, PreVote, PreVoted, RequestVote, Vote } from "./messages.js";
import { isUpToDate, mayVote } from "./rules.js";
import type { Server } from "./server.js";

export interface ElectionEvents {
  /** A later term was met, or this term's leader: whatever this server was, it now follows. */
  stepDown(term: number): void;
  /** Elected by those who voted. */
  won(voters: string[]): void;
}

/** What a server is asking for: votes in its term, or pre-votes for the next one. */
interface Campaign {
  request: RequestVote | PreVote;
  ballot: Ballot;
}

export class Election {
  readonly #server: Server;
  readonly #events: ElectionEvents;
  /** Local time before which this server neither votes nor stands for election. */
  #quietUntilMs: number;
  #deadlineMs = 0;
  #campaign: Campaign | undefined;
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
    const { settings } = this.#server;
    if (settings.checkQuorum) {
      this.#quietUntilMs = this.#server.nowMs() + settings.electionTimeoutMs;
    }
    this.abandon();
  }

  /** No longer a candidate, or a leader. */
  abandon(): void {
    this.endCampaign();
    this.#postpone();
  }

  /** What it asked for is of no use any more. */
  endCampaign(): void {
    this.#campaign = undefined;
    this.#repeat?.cancel();
  }

  onPreVote(candidate: string, request: PreVote): void {
    const server = this.#server;
    if (this.#keepsOut()) return;
    const granted =
      request.term > server.term &&
      isUpToDate(this.#asCompared(request.lastLog), this.#asCompared(server.log.last));
    if (!granted) server.context.probe("pre-vote refused");
    server.send(candidate, {
      type: "pre_voted",
      term: granted ? request.term : server.term,
      granted,
    });
  }

  onPreVoted(voter: string, { term, granted }: PreVoted): void {
    const { request, ballot } = this.#campaign ?? {};
    if (request?.type !== "pre_vote") return;
    if (granted && term !== request.term) return;
    ballot?.count(voter, granted);
    this.#closeIfWon();
  }

  onRequestVote(candidate: string, request: RequestVote): void {
    const server = this.#server;
    if (this.#keepsOut()) return;
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

  onVote(voter: string, { term, granted }: Vote): void {
    const { request, ballot } = this.#campaign ?? {};
    if (request?.type !== "request_vote" || term !== this.#server.term) return;
    if (granted && ballot?.hasAnswered(voter)) {
      this.#server.context.probe("a vote arrived twice");
    }
    ballot?.count(voter, granted);
    this.#closeIfWon();
  }

  /** What of a log's end the voter compares. */
  #asCompared(last: LogPosition): LogPosition {
    return this.#server.bug("vote-ignores-log-term") ? { index: last.index, term: 0 } : last;
  }

  /** Does this server give no answer at all to who asks for its vote? */
  #keepsOut(): boolean {
    const { context, isNewcomer, role, settings } = this.#server;
    if (isNewcomer) {
      context.probe("a newcomer kept out of a vote");
      return true;
    }
    const mayHaveLeader = role === "leader" && settings.checkQuorum;
    if (!mayHaveLeader && this.#server.nowMs() >= this.#quietUntilMs) return false;
    context.probe("vote withheld: a leader may be alive");
    return true;
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
    if (this.#campaign?.ballot.contested) server.context.probe("election without a winner");
    this.#postpone();
    this.endCampaign();
    if (!server.isVoter) return;
    if (server.settings.preVote) this.#askWhetherToStand();
    else this.#askForVotes();
  }

  #askWhetherToStand(): void {
    const server = this.#server;
    const ballot = this.#newBallot();
    this.#campaign = {
      request: { type: "pre_vote", term: server.term + 1, lastLog: server.log.last },
      ballot,
    };
    ballot.count(server.id, true);
    if (ballot.won) this.#askForVotes();
    else this.#ask();
  }

  #askForVotes(): void {
    const server = this.#server;
    this.endCampaign();
    server.role = "candidate";
    server.enterTerm(server.term + 1);
    // One who counts itself without a vote of its own has that vote left for another.
    if (!server.bug("candidate-votes-again")) server.voteFor(server.id);
    const campaign: Campaign = {
      request: { type: "request_vote", term: server.term, lastLog: server.log.last },
      ballot: this.#newBallot(),
    };
    this.#campaign = campaign;
    server.storage.whenDurable(() => {
      if (this.#campaign !== campaign) return;
      campaign.ballot.count(server.id, true);
      this.#closeIfWon();
      if (this.#campaign === campaign) this.#ask();
    });
  }

  #newBallot(): Ballot {
    const { configuration, majority } = this.#server;
    const countReplies = this.#server.bug("count-votes-twice");
    return new Ballot({ configuration, majority, countReplies });
  }

  /** Requests may be lost: whoever has not answered is asked again. */
  #ask(): void {
    const server = this.#server;
    if (this.#campaign === undefined) return;
    const { request, ballot } = this.#campaign;
    for (const peer of serversOf(server.configuration)) {
      if (peer !== server.id && !ballot.hasAnswered(peer)) server.send(peer, request);
    }
    this.#repeat = server.context.after(server.settings.heartbeatMs, () => this.#ask());
  }

  #closeIfWon(): void {
    const { request, ballot } = this.#campaign ?? {};
    if (request === undefined || !ballot?.won) return;
    if (request.type === "pre_vote") this.#askForVotes();
    else this.#events.won(ballot.granted);
  }
}
