/**
 * The book of one service: an append-only journal of what it did for which saga, on its node's disk. What
 * the service is worth (balances, stock) follows from the entries, so that what has happened and that it
 * has happened for a saga are one write.
 *
 * In a choreography an entry bears the event that it gives rise to (a transactional outbox): the state
 * and the news of it are one write, too. Entries are shown, by answers, events and observations, only when
 * they are durable.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Order, Service } from "./order.js";

export type Action =
  | "started"
  | "cancelling"
  | "confirmed"
  | "cancelled"
  | "done"
  | "refused"
  | "undone"
  | "blocked";

export interface SagaEvent {
  to: Service;
  kind: "do" | "undo" | "confirm" | "cancel";
}

export interface Entry {
  action: Action;
  order: Order;
  /** What the account holds after it, where somebody computed that in advance. */
  balance?: number;
  event?: SagaEvent;
}

/** As many as one node may have had under way when it went down. */
const UNSHOWN_MAX = 50;

export class Book {
  readonly entries: Entry[] = [];
  readonly #context: NodeContext;
  readonly #service: Service;
  readonly #byKey = new Map<string, Entry[]>();
  /** How many entries are known to be durable. */
  #durable = 0;

  constructor(context: NodeContext, service: Service) {
    this.#context = context;
    this.#service = service;
    for (const record of context.disk.records(this.#file)) this.#take(record as unknown as Entry);
    this.#durable = Math.max(0, this.entries.length - UNSHOWN_MAX);
    // What the crash kept without anybody having been told is there all the same.
    this.#show(this.entries.length);
  }

  of(key: string): readonly Entry[] {
    return this.#byKey.get(key) ?? [];
  }

  has(key: string, action: Action): boolean {
    return this.of(key).some((entry) => entry.action === action);
  }

  append(entry: Entry): void {
    this.#take(entry);
    this.#context.disk.append(this.#file, entry as unknown as Json);
  }

  /** Resolves when everything appended before is durable. */
  async settle(): Promise<void> {
    const count = this.entries.length;
    await this.#context.disk.fsync();
    this.#show(count);
  }

  get durable(): number {
    return this.#durable;
  }

  get #file(): string {
    return `book/${this.#service}`;
  }

  #take(entry: Entry): void {
    this.entries.push(entry);
    const same = this.#byKey.get(entry.order.key);
    if (same === undefined) this.#byKey.set(entry.order.key, [entry]);
    else same.push(entry);
  }

  #show(count: number): void {
    for (; this.#durable < count; this.#durable++) {
      const { action, order } = this.entries[this.#durable] as Entry;
      const { saga, customer, item, amount, price } = order;
      const value: JsonObject = { service: this.#service, entry: this.#durable, saga, action };
      this.#context.observe("saga", { ...value, customer, item, amount, price });
    }
  }
}
