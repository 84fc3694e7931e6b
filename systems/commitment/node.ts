/** One node of a store whose keys are spread over all: a shard, a coordinator, a protocol between them. */

import {
  errorCodes,
  type JsonObject,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { stepMsOf } from "../txn/service.js";
import { type LogRecord, type Outcome, type Part, WriteAheadLog } from "./log.js";
import type { Abandon, Prepare, Read, SharedMessage } from "./messages.js";
import { ResourceManager } from "./resource-manager.js";
import { TransactionManager } from "./transaction-manager.js";

/** What decides: it takes part in all votes, and alone knows what follows them. */
export interface CommitProtocol {
  /** After a boot: what the log says, and who is in doubt. */
  recover(records: readonly LogRecord[], inDoubt: readonly Part[]): void;
  /** As a coordinator; undefined where the outcome is not known in time. */
  commit(parts: ReadonlyMap<string, Part>, untilMs: number): Promise<Outcome | undefined>;
  /** As a participant: votes. */
  prepare(src: string, message: Prepare): Promise<void>;
  receive(src: string, message: JsonObject): void | Promise<void>;
}

export interface ProtocolParts {
  context: NodeContext;
  log: WriteAheadLog;
  resources: ResourceManager;
  /** Sends to a node, this one included. */
  tell(to: string, message: JsonObject): void;
}

export class CommitmentNode implements Node {
  readonly #context: NodeContext;
  readonly #log: WriteAheadLog;
  readonly #resources: ResourceManager;
  readonly #protocol: CommitProtocol;
  readonly #manager: TransactionManager;

  constructor(context: NodeContext, protocolOf: (parts: ProtocolParts) => CommitProtocol) {
    this.#context = context;
    this.#log = new WriteAheadLog(context.disk);
    this.#resources = new ResourceManager(context, this.#log);
    const tell = (to: string, message: JsonObject): void => this.#tell(to, message);
    const parts = { context, log: this.#log, resources: this.#resources, tell };
    const protocol = protocolOf(parts);
    this.#protocol = protocol;
    this.#manager = new TransactionManager({
      context,
      stepMs: stepMsOf(context.options["stepMs"]),
      readHere: (read) => this.#resources.read(read),
      tell,
      commit: (parts, untilMs) => protocol.commit(parts, untilMs),
    });
  }

  start(): void {
    // Whoever judges votes knows by it that they are recorded, even where there are none.
    this.#context.observe("boot", null);
    const records = this.#log.read();
    const inDoubt = this.#resources.recover(records);
    if (inDoubt.length > 0) this.#context.probe("a node restarted in doubt");
    this.#protocol.recover(records, inDoubt);
  }

  onMessage(message: Message): Promise<JsonObject | undefined | void> {
    const { src, body } = message;
    if (!this.#context.peers.includes(src)) return this.#manager.run(message);
    if (body["type"] === "read") return this.#onRead(body as Read);
    return this.#receive(src, body);
  }

  async #onRead(read: Read): Promise<JsonObject> {
    return { type: "value", value: await this.#resources.read(read) };
  }

  async #receive(src: string, message: JsonObject): Promise<void> {
    switch (message["type"] as Exclude<SharedMessage, Read>["type"]) {
      case "abandon":
        this.#resources.abandon((message as Abandon).transaction);
        return;
      case "prepare":
        return this.#protocol.prepare(src, message as Prepare);
      default:
        return this.#protocol.receive(src, message);
    }
  }

  /** What a node tells itself, it hears when it has done what it is doing. */
  #tell(to: string, message: JsonObject): void {
    const context = this.#context;
    if (to !== context.id) context.send(to, message);
    else void Promise.resolve().then(() => this.#receive(to, message));
  }
}

/** @throws Refusal */
export function unknownMessage(message: JsonObject): Refusal {
  return new Refusal(errorCodes.notSupported, `no message "${String(message["type"])}" here`);
}
