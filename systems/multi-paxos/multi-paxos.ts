/**
 * Multi-Paxos: a log of Paxos instances under one leader, and on it a linearizable key-value store.
 *
 * Sources: Lamport, "The Part-Time Parliament", 1998, section 3, and "Paxos Made Simple", 2001, section
 * 3; Chandra, Griesemer, Redstone, "Paxos Made Live", PODC 2007; van Renesse and Altinbuken, "Paxos
 * Made Moderately Complex", 2015. Read systems/paxos first: each instance is that algorithm.
 *
 * The parliament's secret is that phase 1 does not depend on the value: one promise can cover all
 * instances there will ever be. A leader runs phase 1 once, for the whole log; from then on every
 * command costs phase 2 only, and a window of instances is under way at a time. What is new:
 *
 * - A new leader finds instances that were left half done. It proposes again what the promises tell
 *   of, and fills gaps with no-ops: commands are applied in order.                    (leader.ts)
 * - Acceptors tell all learners what they accept, each of which counts for itself; who missed
 *   something asks for it.                                              (acceptor.ts, learner.ts)
 * - Leaders are elected by time-outs; that is a matter of progress, not of safety.  (election.ts)
 * - A master's lease lets the leader answer reads alone.                 (leader.ts, election.ts)
 * - A replica that comes back with a blank disk does not vote until it has learnt from a majority
 *   all that it may have said.                                                      (rejoin.ts)
 *
 * Requests are routed as Raft's (raft/clients.ts): any replica takes them, submits them to the leader,
 * and goes on until its client gives up; sessions in the state machine apply each once.
 *
 * Unlike Raft, a leader need not have the longest log: it learns what it lacks in phase 1; and entries
 * keep no mark of the ballot that wrote them. Cost: one round trip to a majority, one fsync and N²
 * messages a command. Left out: snapshots, changes of membership.
 */

import type { JsonObject, Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import { Clients } from "../raft/clients.js";
import type { Command } from "../raft/messages.js";
import { Acceptor } from "./acceptor.js";
import { Election } from "./election.js";
import { Leader } from "./leader.js";
import { Learner } from "./learner.js";
import type { Entry, Lives, PeerMessage } from "./messages.js";
import { Rejoin } from "./rejoin.js";
import { Replica } from "./replica.js";

/** One replica: routes messages to its parts, and changes roles. */
export class MultiPaxosNode implements Node {
  readonly #replica: Replica;
  readonly #learner: Learner;
  readonly #acceptor: Acceptor;
  readonly #election: Election;
  readonly #rejoin: Rejoin;
  readonly #clients: Clients;
  /** Present while this replica leads. */
  #leader: Leader | undefined;

  constructor(context: NodeContext) {
    this.#replica = new Replica(context);
    this.#replica.toItself = (message) => this.#receive(context.id, message);
    this.#learner = new Learner(this.#replica, {
      applied: (command, reply) => this.#leader?.applied(command, reply),
      advanced: () => {
        this.#leader?.advanced();
        this.#rejoin.learnt();
      },
    });
    this.#acceptor = new Acceptor(this.#replica, this.#learner, {
      mustWait: (candidate) => this.#election.mustWait(candidate),
      promised: () => this.#stepDown(),
      heard: (leader) => this.#follow(leader),
    });
    this.#election = new Election(this.#replica, {
      won: (ballot, accepted) => this.#lead(ballot, accepted),
    });
    this.#rejoin = new Rejoin(this.#replica, this.#learner, {
      begun: (replica) => this.#forget(replica),
      ready: () => this.#election.start(),
    });
    this.#clients = new Clients(this.#replica, (command) => this.#submit(command));
  }

  start(): void {
    this.#rejoin.start();
  }

  onMessage(message: Message): void {
    if (this.#replica.context.peers.includes(message.src)) {
      this.#receive(message.src, message.body as PeerMessage);
    } else this.#clients.receive(message);
  }

  #receive(src: string, message: PeerMessage): void {
    switch (message.type) {
      case "prepare":
        this.#acceptor.onPrepare(src, message);
        break;
      case "promise":
        if (this.#isCurrent(src, message.lives)) this.#election.onPromise(src, message);
        break;
      case "accept":
        this.#acceptor.onAccept(src, message);
        break;
      case "accepted":
        if (!this.#isCurrent(src, message.lives)) break;
        this.#learner.count(src, message);
        if (message.ballot === this.#leader?.ballot) this.#leader.onAccepted(src, message);
        break;
      case "refused":
        this.#election.onRefused(message.ballot, message.promised);
        // Some acceptor is lost to this ballot; who has just led is the best to take a higher one.
        if (message.ballot === this.#leader?.ballot) {
          this.#stepDown();
          this.#election.stand();
        }
        break;
      case "learn":
        this.#learner.onLearn(src, message.from);
        break;
      case "learnt":
        this.#learner.onLearnt(src, message);
        break;
      case "who-am-i":
        this.#rejoin.onWhoAmI(src, message);
        break;
      case "you-were":
        this.#rejoin.onYouWere(src, message);
        break;
      case "join":
        this.#rejoin.onJoin(src, message);
        break;
      case "welcome":
        this.#rejoin.onWelcome(src, message);
        break;
      case "submit":
        this.#leader?.submit(src, message.command);
        break;
      case "answer":
        this.#clients.answer(message, message.reply);
        break;
    }
  }

  /** Takes note of the lives that a vote tells of; false when it was cast in an earlier one. */
  #isCurrent(voter: string, lives: Lives): boolean {
    const { storage } = this.#replica;
    for (const [replica, life] of Object.entries(lives)) {
      if (storage.noteLife(replica, life)) this.#forget(replica);
    }
    return (lives[voter] ?? 0) >= (storage.lives[voter] ?? 0);
  }

  #forget(replica: string): void {
    this.#learner.forget(replica);
    this.#election.forget(replica);
  }

  /** Whoever proposes in the highest ballot leads. */
  #follow(leader: string): void {
    const replica = this.#replica;
    if (leader === replica.id) return;
    if (replica.role !== "follower") this.#stepDown();
    this.#election.heardFrom(leader);
    if (replica.leader === leader) return;
    replica.leader = leader;
    this.#clients.leaderChanged();
  }

  #stepDown(): void {
    this.#leader?.end();
    this.#leader = undefined;
    this.#replica.role = "follower";
    if (this.#replica.leader === this.#replica.id) this.#replica.leader = undefined;
    this.#election.abandon();
  }

  #lead(ballot: number, accepted: readonly Entry[][]): void {
    const replica = this.#replica;
    replica.role = "leader";
    replica.leader = replica.id;
    replica.context.observe("leader", { term: ballot });
    this.#leader = new Leader(replica, this.#learner, ballot, {
      answer: (via, command, reply) => this.#answer(via, command, reply),
      lostMajority: () => this.#stepDown(),
    });
    this.#leader.begin(accepted);
    this.#clients.leaderChanged();
  }

  #submit(command: Command): void {
    const { leader, id } = this.#replica;
    if (leader === id) this.#leader?.submit(id, command);
    else if (leader !== undefined) this.#replica.send(leader, { type: "submit", command });
  }

  #answer(via: string, { client, requestId }: Command, reply: JsonObject): void {
    this.#replica.send(via, { type: "answer", client, requestId, reply });
  }
}
