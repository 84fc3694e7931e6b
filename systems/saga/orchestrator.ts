/**
 * Orchestration: the order's node asks one service after the other, and when one refuses, or does not
 * answer in time, has all that may have been done undone, the last first: each step may rely on those
 * before it, so that none loses its ground while it stands.
 *
 * Its book says that a saga began, that it is to be cancelled, and how it ended. What was asked of whom
 * need not be in it: the services know what they have done, and a restart simply asks again.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Book } from "./book.js";
import type { Coordination, Desk, Outcome } from "./coordination.js";
import { nodeOf, type Order, orderOf, type Step, steps } from "./order.js";
import type { SagaProbe } from "./probes.js";

const TIMEOUT_MS = 150;
const TRIES = 2;
const RETRY_MS = 100;

export class Orchestrator implements Coordination {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #book: Book;
  readonly #running = new Map<string, Promise<Outcome>>();

  constructor(context: NodeContext, desk: Desk) {
    this.#context = context;
    this.#desk = desk;
    this.#book = new Book(context, "order");
  }

  start(): void {
    for (const { action, order } of [...this.#book.entries]) {
      if (action !== "started" || this.#outcomeOf(order.saga) !== undefined) continue;
      this.#probe("a saga went on after a restart");
      void this.place(order);
    }
  }

  place(order: Order): Promise<Outcome> {
    const running = this.#running.get(order.saga) ?? this.#carryOut(order);
    this.#running.set(order.saga, running);
    return running;
  }

  receive(body: JsonObject): Promise<JsonObject> | undefined {
    const { type, step, order } = body;
    const participant = this.#desk.participants.get(step as Step);
    if (participant === undefined || !isJsonObject(order)) return undefined;
    const asked = orderOf(String(order["saga"]), order);
    if (asked === undefined) return undefined;
    if (type === "perform") {
      return participant.perform(asked).then((answer) => ({ type: "perform_ok", answer }));
    }
    return type === "undo" ? participant.undo(asked).then(() => ({ type: "undo_ok" })) : undefined;
  }

  async #carryOut(order: Order): Promise<Outcome> {
    const { saga } = order;
    const known = this.#outcomeOf(saga);
    if (known !== undefined) return known;
    const isFirstLife = !this.#book.has(saga, "started");
    if (isFirstLife) {
      this.#book.append({ action: "started", order });
      await this.#book.settle();
    }
    const failed = this.#book.has(saga, "cancelling") ? steps.length : await this.#forward(order);
    // An earlier life may have come further than this one: then all steps may have been done.
    const begun = failed === undefined || isFirstLife ? failed : steps.length;
    if (begun === undefined) return this.#decide(order, "confirmed");
    if (!this.#book.has(saga, "cancelling")) {
      this.#book.append({ action: "cancelling", order });
      await this.#book.settle();
    }
    this.#probe("a saga was compensated");
    const done = steps.slice(0, begun);
    if (!this.#context.bugs.has("compensates-forwards")) done.reverse();
    for (const step of done) await this.#undo(step, order);
    return this.#decide(order, "cancelled");
  }

  /** Undefined when all is done; else how many steps may have been, the one that failed included. */
  async #forward(order: Order): Promise<number | undefined> {
    for (const [i, step] of steps.entries()) {
      const answer = await this.#perform(step, order);
      if (answer === "done") continue;
      if (answer === "silent") this.#probe("a step was not answered, and compensated");
      return i + 1;
    }
    return undefined;
  }

  async #perform(step: Step, order: Order): Promise<"done" | "refused" | "silent"> {
    for (let tries = 0; tries < TRIES; tries++) {
      const reply = await this.#ask(step, { type: "perform", step, order: this.#named(order) });
      if (reply !== undefined) return reply["answer"] === "done" ? "done" : "refused";
    }
    return "silent";
  }

  /** Not to be given up: what was done must be undone. */
  async #undo(step: Step, order: Order): Promise<void> {
    const body = { type: "undo", step, order: this.#named(order) };
    while ((await this.#ask(step, body)) === undefined) await this.#context.sleep(RETRY_MS);
  }

  /** By what name the services know the saga: the same for every try, in whatever life. */
  #named(order: Order): JsonObject {
    const { boot } = this.#desk;
    const repeats = this.#context.bugs.has("repeats-after-restart");
    return { ...order, key: repeats ? `${order.saga}#${boot}` : order.key };
  }

  async #ask(step: Step, body: JsonObject): Promise<JsonObject | undefined> {
    const node = nodeOf(step, this.#context.nodes);
    try {
      return await this.#context.rpc(node, body, { timeoutMs: TIMEOUT_MS });
    } catch {
      // Late, or refused for reasons that are no answer: nobody knows what it did.
      return undefined;
    }
  }

  async #decide(order: Order, outcome: Outcome): Promise<Outcome> {
    this.#book.append({ action: outcome, order });
    await this.#book.settle();
    return outcome;
  }

  #outcomeOf(saga: string): Outcome | undefined {
    if (this.#book.has(saga, "confirmed")) return "confirmed";
    return this.#book.has(saga, "cancelled") ? "cancelled" : undefined;
  }

  #probe(name: SagaProbe): void {
    this.#context.probe(name);
  }
}
