/**
 * A log of commit records on every node, the same everywhere: Raft, taken as a library.
 *
 * A record travels as a command that writes, whose effect on Raft's own key-value machine nobody
 * looks at; the log is kept whole, since the state is rebuilt from it. See raft.ts for why all nodes
 * apply the same records in the same order.
 */

import type { Json, JsonObject, NodeContext } from "../../src/hosts/ts/node.js";
import type { Command, LogMessage } from "../raft/messages.js";
import { Replica } from "../raft/replica.js";
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
  readonly #replica: Replica;
  #openingIndex = 0;

  constructor(context: NodeContext, events: LogEvents) {
    this.#replica = new Replica(
      context,
      {
        elected: () => {
          this.#openingIndex = this.#replica.server.log.lastIndex + 1;
          events.elected();
        },
        deposed: () => events.deposed(),
        leaderKnown: () => events.leaderKnown(),
        answer: (via, command) => events.answer(via, recordOf(command)),
      },
      { compacts: false },
    );
    const { server } = this.#replica;
    server.onApplied = (command, reply) => {
      events.apply(recordOf(command), server.appliedIndex);
      this.#replica.leader?.applied(command, reply);
    };
  }

  start(): void {
    this.#replica.start();
  }

  /** Who leads, as far as this node knows. */
  get leader(): string | undefined {
    return this.#replica.server.leader;
  }

  get term(): number {
    return this.#replica.server.term;
  }

  /** The place of the last record applied. */
  get applied(): number {
    return this.#replica.server.appliedIndex;
  }

  /** Since its start, has this node heard what is decided? Before that its state is from long ago. */
  get caughtUp(): boolean {
    return this.#replica.server.commitIndex > 0;
  }

  /** Does this node lead, and has it applied everything that earlier leaders may have decided? */
  get leads(): boolean {
    return this.#replica.leader !== undefined && this.applied >= this.#openingIndex;
  }

  /** As leader: appends a record, unless it is under way. Does nothing elsewhere. */
  append(via: string, record: CommitRecord): void {
    this.#replica.leader?.submit(via, commandOf(record));
  }

  receive(peer: string, body: JsonObject): void {
    this.#replica.receive(peer, body as LogMessage);
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
