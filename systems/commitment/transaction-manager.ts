/**
 * The side of a node that clients see: it runs their transactions, and asks the commit protocol for
 * their outcome.
 *
 * A request is run at most once (../txn/requests.ts). Who loses to an older transaction is tried again,
 * under a new name and as old as before, so that it gets its turn. Until the outcome is asked for, and
 * after an abort, there is no doubt that nothing happened; where the protocol does not know in time,
 * nothing is said.
 */

import {
  errorCodes,
  type Json,
  type JsonObject,
  type Message,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { nameOf } from "../txn/messages.js";
import { type Procedure, procedureOf } from "../txn/procedures.js";
import { take } from "../txn/requests.js";
import type { Outcome, Part } from "./log.js";
import type { Abandon, Read, Value } from "./messages.js";
import { shardOf } from "./shards.js";
import { Workspace } from "./workspace.js";

const READ_RETRY_MS = 150;
/** Before another attempt, so that who was in the way is through; drawn anew each time. */
const PAUSE_MS = { min: 10, max: 50 };

export interface ManagerParts {
  context: NodeContext;
  /** How long a micro-operation takes, on average. */
  stepMs: number;
  /** Reads at this node's own shard. */
  readHere(read: Read): Promise<Json>;
  tell(to: string, message: Abandon): void;
  /** Asks for the outcome; undefined where it is not known in time. */
  commit(parts: ReadonlyMap<string, Part>, untilMs: number): Promise<Outcome | undefined>;
}

interface Attempt {
  transaction: string;
  born: number;
  untilMs: number;
}

export class TransactionManager {
  readonly #parts: ManagerParts;
  #lastBorn = 0;

  constructor(parts: ManagerParts) {
    this.#parts = parts;
  }

  /** Runs a client's request. @throws Refusal when it certainly has no effect. */
  async run(message: Message): Promise<JsonObject | undefined> {
    const { context } = this.#parts;
    const request = await take(context, message, procedureOf);
    if (request === undefined) return undefined;
    const { id, procedure, untilMs } = request;
    const born = this.#birth();
    for (let attempt = 1; ; attempt++) {
      const transaction = `${nameOf(id)}#${attempt}`;
      try {
        return await this.#attempt(procedure, { transaction, born, untilMs });
      } catch (error) {
        const lost = error instanceof Refusal && error.code === errorCodes.txnConflict;
        if (!lost || context.clock.monotonicMs() + PAUSE_MS.max >= untilMs) throw error;
      }
      context.probe("a transaction was tried again");
      await context.sleep(context.random.between(PAUSE_MS.min, PAUSE_MS.max));
    }
  }

  /** An age that no other request has, about the time: a clock that is wrong makes nothing unsafe. */
  #birth(): number {
    const { clock, id, nodes } = this.#parts.context;
    this.#lastBorn = Math.max(this.#lastBorn + 1, Math.floor(clock.wallMs()));
    return this.#lastBorn * nodes.length + nodes.indexOf(id);
  }

  /** Undefined when the outcome is not known. @throws Refusal when there was no effect. */
  async #attempt(procedure: Procedure, attempt: Attempt): Promise<JsonObject | undefined> {
    const { context, stepMs } = this.#parts;
    const workspace = new Workspace({
      step: () => context.sleep(context.random.int(2 * stepMs + 1)),
      ask: (key) => this.#read(key, attempt),
    });
    let reply: JsonObject;
    try {
      reply = await procedure.run(workspace);
    } catch (error) {
      this.#abandon(attempt, workspace);
      throw error;
    }
    const outcome = await this.#parts.commit(this.#divide(attempt, workspace), attempt.untilMs);
    if (outcome === "commit") return reply;
    if (outcome === "abort") throw new Refusal(errorCodes.txnConflict, "it was aborted");
    context.probe("a transaction's outcome was not known in time");
    return undefined;
  }

  /** Asks the shard of a key until it answers or refuses. */
  async #read(key: string, { transaction, born, untilMs }: Attempt): Promise<Json> {
    const { context } = this.#parts;
    const shard = shardOf(key, context.nodes);
    const read: Read = { type: "read", transaction, born, key };
    for (;;) {
      const leftMs = untilMs - context.clock.monotonicMs();
      if (leftMs <= 0) throw new Refusal(errorCodes.temporarilyUnavailable, `${shard} is silent`);
      try {
        return await this.#ask(shard, read, Math.min(leftMs, READ_RETRY_MS));
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
      }
    }
  }

  async #ask(shard: string, read: Read, timeoutMs: number): Promise<Json> {
    const { context, readHere } = this.#parts;
    if (shard !== context.id) {
      return ((await context.rpc(shard, read, { timeoutMs })) as Value).value;
    }
    const timer = context.sleep(timeoutMs).then(() => {
      throw new RpcTimeout("no lock yet");
    });
    return Promise.race([readHere(read), timer]);
  }

  /** Frees the locks of a transaction that gives up, also one that it may still be waiting for. */
  #abandon({ transaction }: Attempt, { asked }: Workspace): void {
    const { context, tell } = this.#parts;
    const shards = new Set(asked.map((key) => shardOf(key, context.nodes)));
    for (const shard of shards) tell(shard, { type: "abandon", transaction });
  }

  /** What each shard has to do with it. */
  #divide({ transaction, born }: Attempt, { asked, writes }: Workspace): Map<string, Part> {
    const { id: coordinator, nodes } = this.#parts.context;
    const at = (node: string) => (key: string) => shardOf(key, nodes) === node;
    const keys = [...asked, ...writes.map(({ key }) => key)];
    const participants = nodes.filter((node) => keys.some(at(node)));
    const partOf = (node: string): Part => ({
      transaction,
      born,
      coordinator,
      participants,
      reads: asked.filter(at(node)),
      writes: writes.filter(({ key }) => at(node)(key)),
    });
    return new Map(participants.map((node) => [node, partOf(node)]));
  }
}
