/** One node: a replica of the log and the state, a coordinator for clients, a leader at times. */

import type { JsonObject, Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import { Coordinator } from "./coordinator.js";
import { isolationOf } from "./isolation.js";
import { TransactionLeader } from "./leader.js";
import {
  type Abandon,
  type Commit,
  type CommitRecord,
  type Decision,
  isTxnMessage,
  type Outcome,
  type RequestId,
  type TxnMessage,
} from "./messages.js";
import { ReplicatedLog } from "./replicated-log.js";
import { stepMsOf } from "./service.js";
import { StateMachine } from "./state-machine.js";

export class TransactionalNode implements Node {
  readonly #context: NodeContext;
  readonly #log: ReplicatedLog;
  readonly #machine: StateMachine;
  readonly #leader: TransactionLeader;
  readonly #coordinator: Coordinator;

  constructor(context: NodeContext) {
    this.#context = context;
    const { isolation: level, serializableBy } = context.options;
    const isolation = isolationOf(level, serializableBy);
    this.#machine = new StateMachine({ isolation, bugs: context.bugs });
    this.#log = new ReplicatedLog(context, {
      apply: (record, timestamp) => this.#apply(record, timestamp),
      answer: (via, id) => this.#tell(via, id, this.#machine.decision(id)),
      elected: () => this.#leader.reset(),
      deposed: () => this.#leader.reset(),
      leaderKnown: () => this.#coordinator.resend(),
    });
    const parts = { context, isolation, log: this.#log, machine: this.#machine };
    this.#leader = new TransactionLeader(parts);
    this.#coordinator = new Coordinator({
      ...parts,
      leader: this.#leader,
      stepMs: stepMsOf(context.options["stepMs"]),
      tellLeader: (message) => this.#tellLeader(message),
    });
  }

  start(): void {
    this.#log.start();
  }

  onMessage(message: Message): Promise<JsonObject | undefined> | undefined {
    const { src, body } = message;
    if (!this.#context.peers.includes(src)) return this.#coordinator.run(message);
    if (isTxnMessage(body)) return this.#onPeer(src, body as TxnMessage);
    this.#log.receive(src, body);
    return undefined;
  }

  #onPeer(peer: string, message: TxnMessage): Promise<JsonObject> | undefined {
    switch (message.type) {
      case "lock":
        return this.#leader.lock(message);
      case "abandon":
        this.#leader.abandon(message.owner);
        return undefined;
      case "commit":
        this.#onCommit(peer, message);
        return undefined;
      case "outcome":
        this.#coordinator.decided(message.id, message.decision);
        return undefined;
    }
  }

  #apply(record: CommitRecord, timestamp: number): void {
    this.#machine.apply(record, timestamp);
    this.#leader.applied(record);
    const decision = this.#machine.decision(record);
    if (decision !== undefined) this.#coordinator.decided(record, decision);
  }

  #tellLeader(message: Commit | Abandon): void {
    const { leader } = this.#log;
    if (leader === this.#context.id) void this.#onPeer(leader, message);
    else if (leader !== undefined) this.#context.send(leader, message);
  }

  #onCommit(via: string, message: Commit): void {
    const { record } = message;
    const decision = this.#machine.decision(record);
    if (decision !== undefined) this.#tell(via, record, decision);
    else if (!this.#leader.commit(via, message)) {
      this.#tell(via, record, { committed: false, timestamp: 0 });
    }
  }

  #tell(via: string, { client, number }: RequestId, decision: Decision | undefined): void {
    if (decision === undefined) return;
    if (via === this.#context.id) this.#coordinator.decided({ client, number }, decision);
    else {
      const message: Outcome = { type: "outcome", id: { client, number }, decision };
      this.#context.send(via, message);
    }
  }
}
