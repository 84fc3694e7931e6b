/**
 * A service that does one step of a saga and can undo it: payment charges and refunds, stock reserves and
 * releases, shipping schedules and calls off. Each call has an effect once, however often it comes, and in
 * whatever order the two come: an undo that finds nothing done does nothing, but blocks the step that may
 * still be under way (the two are known as empty rollback and suspension).
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Book, type Entry, type SagaEvent } from "./book.js";
import { BALANCE, type Order, STOCK, type Step } from "./order.js";
import type { SagaProbe } from "./probes.js";

/** What news an effect gives rise to; none where somebody else says what comes next. */
export type NewsOf = (action: "done" | "refused" | "undone") => SagaEvent | undefined;

const noNews: NewsOf = () => undefined;

export class Participant {
  readonly book: Book;
  readonly #context: NodeContext;
  readonly #step: Step;

  constructor(context: NodeContext, step: Step) {
    this.#context = context;
    this.#step = step;
    this.book = new Book(context, step);
  }

  /** Does the step, or says why not; durable when it resolves. */
  async perform(order: Order, newsOf: NewsOf = noNews): Promise<"done" | "refused"> {
    const { key } = order;
    const { bugs } = this.#context;
    if (this.#isSettled(key)) return this.#answer(key);
    const balance = balanceOf(order.customer, this.book.entries);
    const lateWrite = this.#step === "payment" && bugs.has("no-isolation");
    // The check and the charge are two steps: what the check has seen is what the charge starts from.
    if (lateWrite) await this.#context.disk.fsync();
    if (this.#isSettled(key)) return this.#answer(key);
    const action = this.#canDo(order) ? "done" : "refused";
    const entry: Entry = { action, order, ...withNews(newsOf(action)) };
    if (lateWrite && action === "done") entry.balance = balance - order.price;
    this.book.append(entry);
    return this.#answer(key);
  }

  /** Undoes the step where it was done, and sees to it that it will not be; durable when it resolves. */
  async undo(order: Order, newsOf: NewsOf = noNews): Promise<void> {
    const { key } = order;
    const { bugs } = this.#context;
    const isDone = this.book.has(key, "done");
    const isUndone = this.book.has(key, "undone") && !bugs.has("compensation-not-idempotent");
    const undone: Entry = { action: "undone", order, ...withNews(newsOf("undone")) };
    if (isDone && !isUndone) this.book.append(undone);
    else if (this.book.of(key).length === 0) {
      this.#probe("an undo came before its step");
      if (bugs.has("empty-rollback")) this.book.append(undone);
      else this.book.append({ action: "blocked", order });
    }
    await this.book.settle();
  }

  /** What its durable entries come to, how many they are, and from what they began. */
  async accounts(): Promise<JsonObject> {
    await this.book.settle();
    const entries = this.book.entries.slice(0, this.book.durable);
    const names = entries.map(({ order }) =>
      this.#step === "payment" ? order.customer : order.item,
    );
    const sums = [...new Set(names)]
      .sort()
      .map((name): [string, number] => [
        name,
        this.#step === "payment" ? balanceOf(name, entries) : stockOf(name, entries),
      ]);
    const initial = this.#step === "payment" ? BALANCE : STOCK;
    return { entries: entries.length, initial, accounts: Object.fromEntries(sums) };
  }

  #isSettled(key: string): boolean {
    const entries = this.book.of(key);
    const isBlocked = this.book.has(key, "blocked");
    if (isBlocked) this.#probe("a step came after its undo");
    const forgets = isBlocked && this.#context.bugs.has("suspension");
    return entries.length > (forgets ? 1 : 0);
  }

  async #answer(key: string): Promise<"done" | "refused"> {
    await this.book.settle();
    return this.book.has(key, "done") ? "done" : "refused";
  }

  #canDo({ customer, item, amount, price, reachable }: Order): boolean {
    const { entries } = this.book;
    switch (this.#step) {
      case "payment":
        return balanceOf(customer, entries) >= price;
      case "stock":
        return stockOf(item, entries) >= amount;
      case "shipping":
        return reachable;
    }
  }

  #probe(name: SagaProbe): void {
    this.#context.probe(name);
  }
}

function withNews(event: SagaEvent | undefined): { event?: SagaEvent } {
  return event === undefined ? {} : { event };
}

function balanceOf(customer: string, entries: readonly Entry[]): number {
  let balance = BALANCE;
  for (const { action, order, balance: computed } of entries) {
    if (order.customer !== customer) continue;
    if (action === "done") balance = computed ?? balance - order.price;
    if (action === "undone") balance += order.price;
  }
  return balance;
}

function stockOf(item: string, entries: readonly Entry[]): number {
  let stock = STOCK;
  for (const { action, order } of entries) {
    if (order.item !== item) continue;
    if (action === "done") stock -= order.amount;
    if (action === "undone") stock += order.amount;
  }
  return stock;
}
