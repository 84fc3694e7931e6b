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
 * Around that: who the servers are is itself in the log, and changes one step at a time
 * (membership.ts, configuration.ts); what has been applied is compacted into snapshots (log.ts,
 * storage.ts), which also bring laggards up to date (follower.ts); working leaders stay in office
 * (election.ts). A leader cannot know that it still leads: reads need care of their own (reads.ts).
 * A request may be delivered, forwarded and logged twice, and yet is applied once
 * (state-machine.ts).
 *
 * Cost: one round trip to a majority and one fsync on each server per command, grouped under load;
 * messages of O(1) entries while nothing is lost. Left out: leadership transfer, snapshots in
 * chunks, disks that lie.
 */

import type { JsonObject, Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import { Administrators } from "./administrators.js";
import { Clients } from "./clients.js";
import type { Change, Command, PeerMessage, Submit } from "./messages.js";
import { Replica } from "./replica.js";

/** One server: routes what it hears to its parts. */
export class RaftNode implements Node {
  readonly #context: NodeContext;
  readonly #replica: Replica;
  readonly #clients: Clients;
  readonly #administrators: Administrators;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#replica = new Replica(
      context,
      {
        leaderKnown: () => this.#clients.leaderChanged(),
        answer: (via, command, reply) => this.#answer(via, command, reply),
        changed: (via, change, reply) => this.#changed(via, change, reply),
      },
      { compacts: true },
    );
    const { server } = this.#replica;
    server.onApplied = (command, reply) => this.#replica.leader?.applied(command, reply);
    this.#clients = new Clients(server, (command) => this.#submit(command));
    this.#administrators = new Administrators(server, (change) => this.#change(change));
  }

  start(): void {
    this.#replica.start();
  }

  onMessage(message: Message): void {
    const { src, body } = message;
    if (this.#context.peers.includes(src)) this.#onPeer(src, body as PeerMessage);
    else if (this.#administrators.isTheirs(body)) this.#administrators.receive(message);
    else this.#clients.receive(message);
  }

  #onPeer(peer: string, message: PeerMessage): void {
    switch (message.type) {
      case "submit":
        this.#onSubmit(peer, message);
        break;
      case "answer":
        this.#clients.answer(message, message.reply);
        break;
      case "change":
        this.#replica.leader?.change(peer, message);
        break;
      case "changed":
        this.#administrators.answer(message, message.reply);
        break;
      default:
        this.#replica.receive(peer, message);
    }
  }

  /** Who is no member any more knows only who led when it was one: that server knows better. */
  #onSubmit(peer: string, { command, via }: Submit): void {
    const { leader: here, server } = this.#replica;
    if (here !== undefined) here.submit(via ?? peer, command);
    else if (server.leader !== undefined && via === undefined) {
      this.#context.send(server.leader, { type: "submit", command, via: peer });
    }
  }

  #submit(command: Command): void {
    const { leader, id } = this.#replica.server;
    if (leader === id) this.#replica.leader?.submit(id, command);
    else if (leader !== undefined) this.#context.send(leader, { type: "submit", command });
  }

  #answer(via: string, { client, requestId }: Command, reply: JsonObject): void {
    if (via === this.#context.id) this.#clients.answer({ client, requestId }, reply);
    else this.#context.send(via, { type: "answer", client, requestId, reply });
  }

  #change(change: Change): void {
    const { leader, id } = this.#replica.server;
    if (leader === id) this.#replica.leader?.change(id, change);
    else if (leader !== undefined) this.#context.send(leader, change);
  }

  #changed(via: string, { client, requestId }: Change, reply: JsonObject): void {
    if (via === this.#context.id) this.#administrators.answer({ client, requestId }, reply);
    else this.#context.send(via, { type: "changed", client, requestId, reply });
  }
}
