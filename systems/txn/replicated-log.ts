/**
 * A log of commit records on every node, the same everywhere: Raft, taken as a library.
 *
 * Raft's parts are used as they are (elections, replication, the leader's bookkeeping of who asked);
 * a record travels as a command that writes, whose effect on Raft's own key-value machine nobody
 * looks at. What this adds is who talks to whom, as raft.ts does it for its clients. See raft.ts for
 * why all nodes apply the same records in the same order.
 */

import type { Json, JsonObject, NodeContext } from "../../src/hosts/ts/node.js";
import { Election } from "../raft/election.js";
import { onAppendEntries } from "../raft/follower.js";
import { Leader } from "../raft/leader.js";
import type { Command, PeerMessage } from "../raft/messages.js";
import { Server } from "../raft/server.js";
import type { CommitRecord, RequestId } from "./messages.js";

export interface LogEvents {
  /** The next record of the log is decided; `timestamp` is its place. */
  apply(record: CommitRecord, timestamp: number): void;
  /** A record that came by way of `via` has been applied. */
  answer(via: string, id: RequestId): void;
  /** This node's leadership has begun. */
  elected(): void;
  /** This node's leadership has ended; what it appended may be decided, or not. */
  deposed(): void;
  /** A leader is known, or another one. */
  leaderKnown(): void;
}

export class ReplicatedLog {
  readonly #server: Server;
  readonly #election: Election;
  readonly #events: LogEvents;
  /** Present while this node leads. */
  #leader: Leader | undefined;
  #openingIndex = 0;

  constructor(context: NodeContext, events: LogEvents) {
    this.#events = events;
    this.#server = new Server(context);
    this.#server.onApplied = (command, reply) => {
      events.apply(recordOf(command), this.#server.appliedIndex);
      this.#leader?.applied(command, reply);
    };
    this.#election = new Election(this.#server, {
      stepDown: (term) => this.#stepDown(term),
      won: () => this.#lead(),
    });
  }

  start(): void {
    this.#election.start();
  }

  /** Who leads, as far as this node knows. */
  get leader(): string | undefined {
    return this.#server.leader;
  }

  get term(): number {
    return this.#server.term;
  }

  /** The place of the last record applied. */
  get applied(): number {
    return this.#server.appliedIndex;
  }

  /** Since its start, has this node heard what is decided? Before that its state is from long ago. */
  get caughtUp(): boolean {
    return this.#server.commitIndex > 0;
  }

  /** Does this node lead, and has it applied everything that earlier leaders may have decided? */
  get leads(): boolean {
    return this.#leader !== undefined && this.#server.appliedIndex >= this.#openingIndex;
  }

  /** As leader: appends a record, unless it is under way. Does nothing elsewhere. */
  append(via: string, record: CommitRecord): void {
    this.#leader?.submit(via, commandOf(record));
  }

  receive(peer: string, body: JsonObject): void {
    const message = body as PeerMessage;
    switch (message.type) {
      case "request_vote":
        this.#election.onRequestVote(peer, message);
        break;
      case "vote":
        if (message.term > this.#server.term) this.#stepDown(message.term);
        this.#election.onVote(peer, message);
        break;
      case "append_entries":
        if (message.term >= this.#server.term) this.#follow(peer, message.term);
        onAppendEntries(this.#server, peer, message);
        break;
      case "appended":
        if (message.term > this.#server.term) this.#stepDown(message.term);
        this.#leader?.onAppended(peer, message);
        break;
    }
  }

  #follow(leader: string, term: number): void {
    const server = this.#server;
    if (term > server.term || server.role !== "follower") this.#stepDown(term);
    this.#election.heardFromLeader();
    if (server.leader === leader) return;
    server.leader = leader;
    this.#events.leaderKnown();
  }

  #stepDown(term: number): void {
    const server = this.#server;
    if (server.role !== "follower") {
      const led = this.#leader !== undefined;
      this.#leader?.end();
      this.#leader = undefined;
      server.role = "follower";
      server.leader = undefined;
      this.#election.abandon();
      if (led) this.#events.deposed();
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
      answer: (via, command) => this.#events.answer(via, recordOf(command)),
      lostQuorum: () => this.#stepDown(server.term),
    });
    this.#openingIndex = server.log.lastIndex + 1;
    this.#events.elected();
    this.#leader.begin();
    this.#events.leaderKnown();
  }
}

function commandOf(record: CommitRecord): Command {
  const { client, number } = record;
  const operation = { type: "write", key: "record", value: record as Json } as const;
  return { client, requestId: number, operation };
}

function recordOf({ operation }: Command): CommitRecord {
  return ("value" in operation ? operation.value : null) as CommitRecord;
}
