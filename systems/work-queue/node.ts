/** A node: it takes in jobs, it consumes, and it has whatever parts are its own. */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { Broker } from "./broker.js";
import { Consumer } from "./consumer.js";
import { type Ask, nodeOf, type Part } from "./job.js";
import { Ledger, Relay } from "./outbox.js";
import { Producer } from "./producer.js";
import { Store } from "./store.js";

const READ_MS = 400;

interface Receiver {
  receive(body: JsonObject): Promise<JsonObject>;
}

/** Who is asked what. */
const partOf: { readonly [type: string]: Part } = {
  ...{ accept: "broker", take: "broker", renew: "broker", ack: "broker", idle: "broker" },
  ...{ apply: "store", "apply-unasked": "store", note: "store", seen: "store" },
  ...{ count: "store", rows: "store", publish: "ledger", news: "ledger" },
};

export class WorkQueueNode implements Node {
  readonly #context: NodeContext;
  readonly #own = new Map<Part, Receiver>();
  readonly #usesOutbox: boolean;
  #producer: Producer | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#usesOutbox = context.options["mode"] === "outbox";
  }

  async start(): Promise<void> {
    const { disk } = this.#context;
    const boot = Number(disk.read("boots") ?? 0) + 1;
    disk.write("boots", boot);
    await disk.fsync();
    if (this.#has("broker")) this.#own.set("broker", new Broker(this.#context));
    if (this.#has("ledger")) this.#own.set("ledger", new Ledger(this.#context));
    if (this.#has("store")) {
      const store = new Store(this.#context);
      this.#own.set("store", store);
      if (this.#usesOutbox) void new Relay(this.#context, store, this.#asking("ledger")).run();
    }
    const ask = { broker: this.#asking("broker"), store: this.#asking("store") };
    this.#producer = new Producer(this.#context, ask.broker, boot);
    void new Consumer(this.#context, ask, boot).run();
  }

  async onMessage({ body }: Message): Promise<JsonObject> {
    const type = String(body["type"]);
    switch (type) {
      case "submit":
        await this.#producer?.submit(String(body["job"]));
        return { type: "submit_ok" };
      case "effects-of":
        return this.#effectsOf(String(body["job"]));
      case "effects":
        return this.#effects();
    }
    const part = partOf[type];
    const receiver = part === undefined ? undefined : this.#own.get(part);
    if (receiver !== undefined) return receiver.receive(body);
    throw new Refusal(errorCodes.notSupported, `no operation "${type}" here`);
  }

  async #effectsOf(id: string): Promise<JsonObject> {
    const { count = 0 } = await this.#asking("store")({ type: "count", id }, READ_MS);
    return { type: "effects-of_ok", count };
  }

  /** Once there is nothing left to do: what has come of all jobs. */
  async #effects(): Promise<JsonObject> {
    await this.#asking("broker")({ type: "idle" }, READ_MS);
    const { rows = [] } = await this.#asking("store")({ type: "rows" }, READ_MS);
    if (!this.#usesOutbox) return { type: "effects_ok", effects: rows };
    const { news = [] } = await this.#asking("ledger")({ type: "news" }, READ_MS);
    if ((news as JsonObject[]).length < (rows as JsonObject[]).length) {
      throw new Refusal(errorCodes.temporarilyUnavailable, "there is news to be told");
    }
    return { type: "effects_ok", effects: rows, news };
  }

  #asking(part: Part): Ask {
    const own = this.#own.get(part);
    if (own !== undefined) return (body) => own.receive(body);
    const node = nodeOf(part, this.#context.nodes);
    return (body, timeoutMs) => this.#context.rpc(node, body, { timeoutMs });
  }

  #has(part: Part): boolean {
    return nodeOf(part, this.#context.nodes) === this.#context.id;
  }
}
