/**
 * One node: keeper of configurations, replica, and the door for clients.
 *
 * Any node takes any request. A change is submitted to the head, again and again, until the tail's reply
 * comes; the log applies it once. A read is asked of the tail, or answered here where `reads=any`.
 */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { Journal } from "../primary-backup/journal.js";
import type { Operation } from "../primary-backup/messages.js";
import { Configurations, HEARTBEAT_MS } from "./configurations.js";
import type { Confirm, Confirmed, Fetch, PeerMessage, Result, Submit, Update } from "./messages.js";
import { Replica } from "./replica.js";

/** How long a node tries for a client: clients wait no longer. */
const PATIENCE_MS = 1000;
const RESUBMIT_MS = 150;
const FETCH_MS = 300;
const RETRY_MS = 40;

export class ChainNode implements Node {
  readonly #context: NodeContext;
  readonly #journal: Journal;
  readonly #configurations: Configurations;
  readonly #replica: Replica;
  /** Requests of clients that wait for the tail's reply, by client and number. */
  readonly #waiting = new Map<string, (reply: JsonObject) => void>();

  constructor(context: NodeContext) {
    this.#context = context;
    this.#journal = new Journal(context.disk);
    this.#configurations = new Configurations(context, this.#journal, {
      entered: (configuration) => this.#replica.enter(configuration),
      left: () => this.#replica.leave(),
      wantsNext: () => this.#replica.wantsNext,
    });
    this.#replica = new Replica(context, this.#journal, this.#configurations);
  }

  start(): void {
    if (this.#journal.length > 0) this.#context.probe("a node restarted with its log");
    const { active } = this.#configurations;
    if (active !== undefined) this.#replica.enter(active);
    this.#beat();
  }

  onMessage(message: Message): Promise<JsonObject | undefined> | JsonObject | undefined {
    const { src, body } = message;
    switch (body["type"]) {
      case "read":
        return this.#read(String(body["key"]));
      case "write":
      case "cas":
        return this.#change(message);
      default:
        return this.#onPeer(src, body as unknown as PeerMessage);
    }
  }

  #onPeer(
    src: string,
    message: PeerMessage,
  ): Promise<JsonObject | undefined> | JsonObject | undefined {
    switch (message.type) {
      case "heartbeat":
        this.#configurations.onHeartbeat(src, message);
        return undefined;
      case "claim":
        this.#configurations.onClaim(src, message);
        return undefined;
      case "grant":
        this.#configurations.onGrant(src, message);
        return undefined;
      case "outdated":
        this.#configurations.onOutdated(message);
        return undefined;
      case "confirm":
        this.#onConfirm(src, message);
        return undefined;
      case "confirmed":
        this.#replica.onConfirmed(src, message);
        return undefined;
      case "connect":
        this.#configurations.learn(message.configuration);
        this.#replica.onConnect(src, message.configuration);
        return undefined;
      case "attach":
        this.#replica.onAttach(src, message);
        return undefined;
      case "pass":
        this.#replica.onPass(src, message);
        return undefined;
      case "held":
        this.#replica.onHeld(src, message);
        return undefined;
      case "submit":
        this.#replica.submit(message.update);
        return undefined;
      case "result":
        this.#waiting.get(nameOf(message))?.(message.reply);
        return undefined;
      case "fetch":
        return this.#onFetch(message);
      case "version":
        return { type: "version_ok", number: this.#replica.versionAtTail(message) ?? null };
      default:
        throw new Refusal(
          errorCodes.notSupported,
          `no operation "${String((message as { type: unknown }).type)}" here`,
        );
    }
  }

  #beat(): void {
    this.#context.after(HEARTBEAT_MS, () => this.#beat());
    this.#configurations.beat();
    this.#replica.beat();
  }

  /** Confirms that no later epoch is promised here; whether the promise is durable does not matter. */
  #onConfirm(src: string, { epoch, life, round }: Confirm): void {
    if (this.#journal.epoch > epoch) {
      this.#context.probe("a read was refused: its epoch may be over");
      this.#configurations.refuse(src);
      return;
    }
    const message: Confirmed = { type: "confirmed", epoch, life, round };
    this.#context.send(src, message);
  }

  // Clients -----------------------------------------------------------------------------------

  async #change({ src, body }: Message): Promise<JsonObject | undefined> {
    const { id, after } = this.#context;
    const number = Number(body["msg_id"]);
    const update: Update = { client: src, number, operation: operationOf(body), via: id };
    const name = nameOf(update);
    if (this.#waiting.has(name)) return undefined;
    const reply = await new Promise<JsonObject | undefined>((resolve) => {
      this.#waiting.set(name, resolve);
      this.#submit(update, name);
      after(PATIENCE_MS, () => resolve(undefined));
    });
    this.#waiting.delete(name);
    return reply;
  }

  #submit(update: Update, name: string): void {
    if (!this.#waiting.has(name)) return;
    const head = this.#configurations.active?.chain[0];
    const message: Submit = { type: "submit", update };
    if (head === this.#context.id) this.#replica.submit(update);
    else if (head !== undefined) this.#context.send(head, message);
    this.#context.after(head === undefined ? RETRY_MS : RESUBMIT_MS, () =>
      this.#submit(update, name),
    );
  }

  async #read(key: string): Promise<JsonObject | undefined> {
    const { clock, sleep, options } = this.#context;
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    while (clock.monotonicMs() < untilMs) {
      const isHere = this.#replica.isTail || (options["reads"] === "any" && this.#replica.serves);
      const reply = isHere ? await this.#replica.read(key) : await this.#fetch(key);
      if (reply !== undefined) return reply;
      await sleep(RETRY_MS);
    }
    return undefined;
  }

  async #fetch(key: string): Promise<JsonObject | undefined> {
    const tail = this.#configurations.active?.chain.at(-1);
    if (tail === undefined) return undefined;
    const message: Fetch = { type: "fetch", key };
    try {
      return await this.#context.rpc(tail, message, { timeoutMs: FETCH_MS });
    } catch (error) {
      if (error instanceof RpcTimeout || error instanceof Refusal) return undefined;
      throw error;
    }
  }

  async #onFetch({ key }: Fetch): Promise<JsonObject> {
    const reply = this.#replica.isTail ? await this.#replica.read(key) : undefined;
    if (reply !== undefined) return reply;
    throw new Refusal(errorCodes.temporarilyUnavailable, "not the tail of the latest epoch");
  }
}

function nameOf({ client, number }: Pick<Result, "client" | "number">): string {
  return `${client}/${number}`;
}

function operationOf({ type, key, value = null, from = null, to = null }: JsonObject): Operation {
  return type === "write"
    ? { type, key: String(key), value }
    : { type: "cas", key: String(key), from, to };
}
