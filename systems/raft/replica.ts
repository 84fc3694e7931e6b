/**
 * Raft as a library: one server's part in keeping a log that is the same everywhere. Routes what
 * servers say to each other, and changes roles; who submits commands, and who applies them, is for
 * others to say.
 */

import type { JsonObject, NodeContext } from "../../src/hosts/ts/node.js";
import { Election } from "./election.js";
import { onAppendEntries, onInstallSnapshot } from "./follower.js";
import { Leader } from "./leader.js";
import type { Change, Command, LogMessage } from "./messages.js";
import { Server, type ServerOptions } from "./server.js";

export interface ReplicaEvents {
  /** This server's leadership begins. */
  elected?(): void;
  /** This server's leadership has ended; what it appended may be decided, or not. */
  deposed?(): void;
  /** A leader is known, or another one. */
  leaderKnown(): void;
  /** The reply to a command, for the server through which it came. */
  answer(via: string, command: Command, reply: JsonObject): void;
  /** The answer to a change of membership, likewise. */
  changed?(via: string, change: Change, reply: JsonObject): void;
}

export class Replica {
  readonly server: Server;
  readonly #election: Election;
  readonly #events: ReplicaEvents;
  /** Present while this server leads. */
  #leader: Leader | undefined;

  constructor(context: NodeContext, events: ReplicaEvents, options: ServerOptions) {
    this.#events = events;
    this.server = new Server(context, options);
    this.#election = new Election(this.server, {
      stepDown: (term) => this.#stepDown(term),
      won: (voters) => this.#lead(voters),
    });
  }

  start(): void {
    const { context, log } = this.server;
    context.observe("boot", { base: log.base.index });
    this.#election.start();
  }

  get leader(): Leader | undefined {
    return this.#leader;
  }

  receive(peer: string, message: LogMessage): void {
    switch (message.type) {
      case "pre_vote":
        this.#election.onPreVote(peer, message);
        break;
      case "pre_voted":
        if (!message.granted) this.#meet(message.term);
        this.#election.onPreVoted(peer, message);
        break;
      case "request_vote":
        this.#election.onRequestVote(peer, message);
        break;
      case "vote":
        this.#meet(message.term);
        this.#election.onVote(peer, message);
        break;
      case "append_entries":
        this.#follow(peer, message.term);
        onAppendEntries(this.server, peer, message);
        break;
      case "install_snapshot":
        this.#follow(peer, message.term);
        onInstallSnapshot(this.server, peer, message);
        break;
      case "appended":
        this.#meet(message.term);
        this.#leader?.onAppended(peer, message);
        break;
    }
  }

  /** An answer says which term somebody is in: a later one than this server's is the present one. */
  #meet(term: number): void {
    const { server } = this;
    const isNews = server.bug("term-goes-back") ? term !== server.term : term > server.term;
    if (isNews) this.#stepDown(term);
  }

  /** Whoever sends entries in the present term or a later one leads it. */
  #follow(leader: string, term: number): void {
    const { server } = this;
    if (term < server.term) return;
    if (term > server.term || server.role !== "follower") this.#stepDown(term);
    if (server.bug("follower-forgets-vote")) server.voteFor(null);
    this.#election.heardFromLeader();
    if (server.leader === leader) return;
    server.leader = leader;
    this.#events.leaderKnown();
  }

  #stepDown(term: number): void {
    const { server } = this;
    if (server.role !== "follower") {
      const leader = this.#leader;
      this.#leader = undefined;
      server.role = "follower";
      server.leader = undefined;
      this.#election.abandon();
      leader?.end();
      if (leader !== undefined) this.#events.deposed?.();
    }
    if (term === server.term) return;
    this.#election.endCampaign();
    server.enterTerm(term);
  }

  #lead(voters: string[]): void {
    const { server } = this;
    this.#election.abandon();
    server.role = "leader";
    server.leader = server.id;
    this.#observeElection(voters);
    this.#leader = new Leader(server, {
      answer: (via, command, reply) => this.#events.answer(via, command, reply),
      changed: (via, change, reply) => this.#events.changed?.(via, change, reply),
      over: () => this.#stepDown(server.term),
    });
    this.#events.elected?.();
    this.#leader.begin();
    this.#events.leaderKnown();
  }

  #observeElection(voters: string[]): void {
    const { context, log, settings, term } = this.server;
    context.observe("leader", { term });
    const { lastIndex: last } = log;
    const { sticky } = settings;
    context.observe("elected", { term, sticky, by: voters, last, terms: log.termRuns() });
  }
}
