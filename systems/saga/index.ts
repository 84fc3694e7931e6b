/**
 * Sagas (Garcia-Molina, Salem 1987): an order that takes payment, stock and shipping, each a service with
 * data of its own. There is no transaction over all of them: each step commits by itself, and where a
 * later one fails, what was done is undone by a compensation of its own. So everybody may see a saga half
 * done, but in the end it is done or undone as a whole.
 *
 * Two ways to coordinate it, by the option `coordination`: an orchestrator asks the services one after the
 * other; in a choreography each service tells the next one. In both, everything may be repeated after a
 * time-out or a restart, so services do by key what they are told by message: once.
 *
 * The node of a service is a fixed one, and what it keeps is durable before it is told: a saga waits for
 * whoever is down.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { System } from "../system.js";
import { sagaBugs } from "./bugs.js";
import { Choreography } from "./choreography.js";
import type { Coordination } from "./coordination.js";
import { Orchestrator } from "./orchestrator.js";
import { nodeOf, orderOf, type Service, steps } from "./order.js";
import { Participant } from "./participant.js";
import { sagaProbes } from "./probes.js";

/** Shorter than a client waits: it shall hear that nobody knows rather than nothing. */
const FORWARD_MS = 950;

class SagaNode implements Node {
  readonly #context: NodeContext;
  readonly #participants: ReadonlyMap<Service, Participant>;
  #coordination: Coordination | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    const own = steps.filter((step) => nodeOf(step, context.nodes) === context.id);
    this.#participants = new Map(own.map((step) => [step, new Participant(context, step)]));
  }

  async start(): Promise<void> {
    const { disk, options } = this.#context;
    const boot = Number(disk.read("boots") ?? 0) + 1;
    disk.write("boots", boot);
    await disk.fsync();
    const desk = { participants: this.#participants, boot };
    this.#coordination =
      options["coordination"] === "orchestration"
        ? new Orchestrator(this.#context, desk)
        : new Choreography(this.#context, desk);
    this.#coordination.start();
  }

  async onMessage({ src, body }: Message): Promise<JsonObject> {
    switch (body["type"]) {
      case "order":
        return this.#order(`${src}/${String(body["msg_id"])}`, body["value"]);
      case "place":
        return this.#place(String(body["saga"]), body["order"]);
      case "books":
        return { type: "books_ok", books: await this.#books() };
    }
    const reply = await this.#coordination?.receive(body);
    if (reply !== undefined) return reply;
    throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
  }

  get #keepsOrders(): boolean {
    return nodeOf("order", this.#context.nodes) === this.#context.id;
  }

  async #order(saga: string, value: Json | undefined): Promise<JsonObject> {
    if (orderOf(saga, value) === undefined) {
      throw new Refusal(
        errorCodes.malformedRequest,
        "an order has customer, item, amount and price",
      );
    }
    const body = { type: "place", saga, order: value as Json };
    const keeper = nodeOf("order", this.#context.nodes);
    const { outcome } = this.#keepsOrders
      ? await this.#place(saga, value)
      : await this.#context.rpc(keeper, body, { timeoutMs: FORWARD_MS });
    return { type: "order_ok", saga, outcome: outcome as Json };
  }

  async #place(saga: string, value: Json | undefined): Promise<JsonObject> {
    const order = orderOf(saga, value);
    const coordination = this.#coordination;
    if (order === undefined || coordination === undefined) {
      throw new Refusal(errorCodes.temporarilyUnavailable, "not up yet");
    }
    return { type: "place_ok", outcome: await coordination.place(order) };
  }

  async #books(): Promise<JsonObject> {
    const books: JsonObject = {};
    for (const [service, participant] of this.#participants) {
      books[service] = await participant.accounts();
    }
    return books;
  }
}

export const saga: System = {
  name: "saga",
  summary: "orders as sagas with compensations, by orchestration or by choreography",
  nodeCounts: [4, 5],
  workloads: ["saga"],
  options: {
    coordination: {
      summary: "who says what comes next: one orchestrator, or each service the next one",
      default: "orchestration",
      values: ["orchestration", "choreography"],
    },
  },
  bugs: sagaBugs,
  invariants: [],
  probes: sagaProbes,
  service: () => ({ operations: ["order", "books"], consistency: "eventual" }),
  create: (context) => new SagaNode(context),
};
