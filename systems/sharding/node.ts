/** One node: a router for clients, an owner of shards, and perhaps the coordinator. */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { Coordinator } from "./coordinator.js";
import type { Change, Copy, Order, PeerMessage, Status } from "./messages.js";
import { Owner } from "./owner.js";
import { partitioningOf } from "./partitionings.js";
import { Router } from "./router.js";
import { firstTable } from "./table.js";

const CHANGE_MS = 300;

export class ShardedNode implements Node {
  readonly #context: NodeContext;
  readonly #owner: Owner;
  readonly #router: Router;
  readonly #coordinator: Coordinator | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    const { id, members } = context;
    const partitioning = partitioningOf(context);
    const table = firstTable(partitioning.first(members));
    const coordinator = members[0] as string;
    // Who is taken in later waits until the coordinator calls.
    const first = members.includes(id) ? { coordinator, table } : undefined;
    this.#owner = new Owner(context, partitioning, first, {
      send: (to, message) => this.#send(to, message),
    });
    this.#router = new Router(context, partitioning, this.#owner);
    this.#router.learn(first?.table);
    if (this.#owner.coordinator === id) {
      this.#coordinator = new Coordinator(context, partitioning, table, (to, order) =>
        this.#send(to, order),
      );
    }
  }

  start(): void {
    this.#coordinator?.start();
  }

  onMessage(received: Message): Promise<JsonObject | undefined> | JsonObject | undefined {
    const { src, body } = received;
    const message = body as unknown as PeerMessage;
    switch (message.type) {
      case "serve":
        return this.#router.serve(message);
      case "order":
      case "status":
      case "copy":
        this.#hear(src, message);
        return undefined;
      case "change":
        return this.#change(message);
      default:
        break;
    }
    const { type, node, msg_id: number } = body;
    if (type !== "add_node" && type !== "remove_node") return this.#router.route(received);
    if (typeof node !== "string" || typeof number !== "number") {
      throw new Refusal(errorCodes.malformedRequest, "node is a name, and msg_id a number");
    }
    return this.#change({ type: "change", node, add: type === "add_node", number });
  }

  #hear(src: string, message: Order | Status | Copy): void {
    switch (message.type) {
      case "order":
        this.#router.learn(message.table);
        this.#owner.obey(src, message);
        break;
      case "status":
        this.#coordinator?.onStatus(src, message);
        break;
      case "copy":
        this.#owner.onCopy(message);
        break;
    }
  }

  /** To the node itself, without a network in between. */
  #send(to: string, message: Order | Status | Copy): void {
    if (to !== this.#context.id) this.#context.send(to, message);
    else this.#hear(to, message);
  }

  /** @throws Refusal where it is not done, or not yet. */
  #change(change: Change): Promise<JsonObject> | JsonObject {
    const { coordinator } = this.#owner;
    if (this.#coordinator !== undefined) return this.#coordinator.onChange(change);
    if (coordinator === "") {
      throw new Refusal(errorCodes.temporarilyUnavailable, "no coordinator is known");
    }
    return this.#context.rpc(coordinator, change, { timeoutMs: CHANGE_MS });
  }
}
