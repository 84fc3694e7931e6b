/**
 * Raft: a replicated log by consensus, and on it a linearizable key-value store.
 *
 * Source: Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC
 * 2014 (§ numbers below); Ongaro, "Consensus: Bridging Theory and Practice", thesis, Stanford 2014.
 *
 * Time is divided into terms. Each term begins with an election; a candidate that a majority votes
 * for leads for the rest of the term. All commands go through the leader: it appends them to its
 * log and sends them to the followers, and what a majority holds durably is committed and applied,
 * in log order, by everybody. Why this is safe, in five steps:
 *
 * 1. Election safety: one vote a server and term, durable before it is cast; two majorities
 *    overlap; so a term has at most one leader.                                     (election.ts)
 * 2. A leader only appends to its own log.                                       (replication.ts)
 * 3. Log matching: an entry is accepted only after the entry before it matched, so logs that agree
 *    on the term at an index agree on everything up to there.                        (follower.ts)
 * 4. Leader completeness: a server votes only for logs at least as up to date as its own, and a
 *    leader commits by counting only entries of its own term; so whoever is elected later holds
 *    every committed entry.                                                (rules.ts, replication.ts)
 * 5. State machine safety follows: nobody applies another command at the same index.
 *
 * A leader cannot know that it still leads: reads need care of their own (reads.ts). A request may
 * be delivered, forwarded and logged twice, and yet is applied once (state-machine.ts).
 *
 * Cost: one round trip to a majority and one fsync on each server per command, grouped under load;
 * messages of O(1) entries while nothing is lost. Left out: membership changes, log compaction,
 * pre-vote, leadership transfer.
 */

import type { JsonObject, Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import { Clients } from "./clients.js";
import { Election } from "./election.js";
import { onAppendEntries } from "./follower.js";
import { Leader } from "./leader.js";
import type { AppendEntries, Command, PeerMessage } from "./messages.js";
import { Server } from "./server.js";

/** One server: routes messages to its parts, and changes roles. */
export class RaftNode implements Node {
  readonly #server: Server;
  readonly #election: Election;
  readonly #clients: Clients;
  /** Present while this server leads. */
  #leader: Leader | undefined;

  constructor(context: NodeContext) {
    this.#server = new Server(context);
    this.#server.onApplied = (command, reply) => this.#leader?.applied(command, reply);
    this.#election = new Election(this.#server, {
      stepDown: (term) => this.#stepDown(term),
      won: () => this.#lead(),
    });
    this.#clients = new Clients(this.#server, (command) => this.#submit(command));
  }

  start(): void {
    this.#election.start();
  }

  onMessage(message: Message): void {
    if (this.#server.context.peers.includes(message.src)) {
      this.#onPeer(message.src, message.body as PeerMessage);
    } else this.#clients.receive(message);
  }

  #onPeer(peer: string, message: PeerMessage): void {
    switch (message.type) {
      case "request_vote":
        this.#election.onRequestVote(peer, message);
        break;
      case "vote":
        if (message.term > this.#server.term) this.#stepDown(message.term);
        this.#election.onVote(peer, message);
        break;
      case "append_entries":
        this.#acknowledge(peer, message);
        onAppendEntries(this.#server, peer, message);
        break;
      case "appended":
        if (message.term > this.#server.term) this.#stepDown(message.term);
        this.#leader?.onAppended(peer, message);
        break;
      case "submit":
        this.#leader?.submit(peer, message.command);
        break;
      case "answer":
        this.#clients.answer(message, message.reply);
        break;
    }
  }

  /** Whoever sends AppendEntries in the present term or a later one leads it. */
  #acknowledge(leader: string, { term }: AppendEntries): void {
    const server = this.#server;
    if (term < server.term) return;
    if (term > server.term || server.role !== "follower") this.#stepDown(term);
    this.#election.heardFromLeader();
    if (server.leader === leader) return;
    server.leader = leader;
    this.#clients.leaderChanged();
  }

  #stepDown(term: number): void {
    const server = this.#server;
    if (server.role !== "follower") {
      this.#leader?.end();
      this.#leader = undefined;
      server.role = "follower";
      server.leader = undefined;
      this.#election.abandon();
    }
    if (term > server.term) server.enterTerm(term);
  }

  #lead(): void {
    const server = this.#server;
    this.#election.abandon();
    server.role = "leader";
    server.leader = server.id;
    server.context.observe("leader", { term: server.term });
    this.#leader = new Leader(server, {
      answer: (via, command, reply) => this.#answer(via, command, reply),
      lostQuorum: () => this.#stepDown(server.term),
    });
    this.#leader.begin();
    this.#clients.leaderChanged();
  }

  #submit(command: Command): void {
    const { leader, id } = this.#server;
    if (leader === id) this.#leader?.submit(id, command);
    else if (leader !== undefined) this.#server.send(leader, { type: "submit", command });
  }

  #answer(via: string, { client, requestId }: Command, reply: JsonObject): void {
    if (via === this.#server.id) this.#clients.answer({ client, requestId }, reply);
    else this.#server.send(via, { type: "answer", client, requestId, reply });
  }
}
