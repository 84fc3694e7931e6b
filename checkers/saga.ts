/**
 * Sagas: in the end each is done as a whole or undone as a whole, every effect once, and in order.
 *
 * Judged on what the services record of their books, durable entries only: `f: "saga"`, `value: {service,
 * entry, saga, action}`, with `action` started, confirmed or cancelled of the service `order`; done,
 * refused, undone or blocked of the services of the steps, in the order in which the steps are made:
 * payment, stock, shipping. An entry may be recorded again after a restart; its number names it. Final
 * operations `books` say what the entries come to: `{SERVICE: {entries, initial, accounts}}`.
 *
 * - double-effect, groundless-compensation: book by book, entry by entry;
 * - out-of-order-compensation: a step is undone while a later one, that is undone too, still stands;
 * - half-done-saga, stuck-saga: when all has come to rest, which the final books show;
 * - contradicted-outcome: a client was told otherwise than the book of orders has it;
 * - lost-update: accounts that are not what their entries come to.
 *
 * Nobody is accused on a book that lacks entries, nor told off by a book of orders that was not recorded.
 * An anomaly of one saga names the client's order, too, where the client was told which saga that became.
 * O(n log n) in observations and operations.
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const sagas: Checker = {
  name: "saga",
  summary: "sagas are done or undone as a whole, every step once, compensations last first",
  anomalies: {
    "groundless-compensation": "a step is undone that was not done",
    "out-of-order-compensation": "a step is undone before a later one that builds on it",
    "half-done-saga": "a saga has ended with some of its steps done and others not",
    "stuck-saga": "a saga has begun and neither been completed nor undone in the end",
    "contradicted-outcome": "a client was told another outcome of its saga than it has",
  },
  check: (history) => new Judge(history).verdict(),
};

const STEPS = ["payment", "stock", "shipping"] as const;

/** What one service did for one saga, in the order of its book. */
interface Deeds {
  done: HistoryEvent[];
  undone: HistoryEvent[];
}

interface Saga {
  started?: HistoryEvent;
  outcome?: HistoryEvent;
  steps: Map<string, Deeds>;
}

interface Entry {
  number: number;
  event: HistoryEvent;
  value: JsonObject;
}

class Judge {
  readonly #findings = new Findings();
  readonly #sagas = new Map<string, Saga>();
  /** In order of their numbers, for each service. */
  readonly #books: ReadonlyMap<string, readonly Entry[]>;
  /** The invocation of the order that became each saga. */
  readonly #orders: ReadonlyMap<string, number>;

  constructor(private readonly history: History) {
    this.#books = booksOf(history);
    this.#orders = ordersOf(history);
  }

  verdict(): Verdict {
    const torn = [...this.#books].find(([, book]) => book.at(-1)?.number !== book.length - 1);
    if (torn !== undefined)
      return this.#findings.verdict({}, `the book of ${torn[0]} lacks entries`);
    for (const [service, book] of this.#books) {
      for (const entry of book) this.#read(service, entry);
    }
    const finals = this.#finalBooks();
    const isAtRest = STEPS.every((step) => finals.has(step));
    for (const [name, saga] of this.#sagas) {
      this.#order(name, saga);
      if (isAtRest) this.#end(name, saga);
    }
    if (this.#books.has("order")) this.#answers();
    for (const [service, read] of finals) this.#accounts(service, read);
    const outcomes = [...this.#sagas.values()].map(({ outcome }) => actionOf(outcome));
    const notes = {
      sagas: this.#sagas.size,
      confirmed: outcomes.filter((action) => action === "confirmed").length,
      cancelled: outcomes.filter((action) => action === "cancelled").length,
    };
    if (this.#sagas.size === 0) return this.#findings.verdict(notes, "no saga was recorded");
    return this.#findings.verdict(notes, isAtRest ? undefined : "no final books of all services");
  }

  #read(service: string, { event, value }: Entry): void {
    const name = nameOf(value["saga"]);
    const saga: Saga = this.#sagas.get(name) ?? { steps: new Map() };
    this.#sagas.set(name, saga);
    const action = value["action"];
    if (action === "started") saga.started = event;
    if (action === "confirmed" || action === "cancelled") saga.outcome = event;
    if (action !== "done" && action !== "undone") return;
    const deeds = saga.steps.get(service) ?? { done: [], undone: [] };
    saga.steps.set(service, deeds);
    const { done, undone } = deeds;
    if (action === "undone" && done.length === 0) {
      this.#findings.add("groundless-compensation", () => ({
        message: `${service} undid its step of saga ${name}, which it had not done`,
        ops: this.#opsOf(name, event),
      }));
    } else if (deeds[action].length > 0) {
      const first = deeds[action][0] as HistoryEvent;
      this.#findings.add("double-effect", () => ({
        message: `${service} ${action === "done" ? "did" : "undid"} its step of saga ${name} twice`,
        ops: this.#opsOf(name, first, event),
      }));
    }
    (action === "done" ? done : undone).push(event);
  }

  #order(name: string, { steps }: Saga): void {
    for (const [i, earlier] of STEPS.entries()) {
      for (const later of STEPS.slice(i + 1)) {
        const [first, second] = [steps.get(earlier)?.undone[0], steps.get(later)?.undone[0]];
        if (first === undefined || second === undefined || second.index < first.index) continue;
        this.#findings.add("out-of-order-compensation", () => ({
          message: `saga ${name}: ${earlier} was undone while ${later} still stood`,
          ops: this.#opsOf(name, first, second),
        }));
      }
    }
  }

  #end(name: string, { started, outcome, steps }: Saga): void {
    if (outcome === undefined) {
      if (started === undefined) return;
      this.#findings.add("stuck-saga", () => ({
        message: `saga ${name} has begun, and is neither confirmed nor cancelled in the end`,
        ops: this.#opsOf(name, started),
      }));
      return;
    }
    const wanted = actionOf(outcome) === "confirmed" ? 1 : 0;
    for (const step of STEPS) {
      const { done, undone } = steps.get(step) ?? { done: [], undone: [] };
      const stands = Math.sign(done.length - undone.length);
      // More undone than done has a name of its own.
      if (stands === wanted || stands < 0) continue;
      this.#findings.add("half-done-saga", () => ({
        message: `saga ${name} is ${String(actionOf(outcome))}, and its ${step} is ${wanted === 1 ? "not done" : "done all the same"}`,
        ops: this.#opsOf(name, outcome, ...done),
      }));
    }
  }

  /** What to look at: the order, and what services recorded of it. */
  #opsOf(name: string, ...events: readonly HistoryEvent[]): number[] {
    const order = this.#orders.get(name);
    return [...(order === undefined ? [] : [order]), ...events.map(({ index }) => index)];
  }

  #answers(): void {
    for (const { f, outcome, output, invoked } of this.history.operations) {
      if (f !== "order" || outcome !== "ok" || !isJsonObject(output)) continue;
      const saga = this.#sagas.get(nameOf(output["saga"]));
      const decided = actionOf(saga?.outcome);
      if (decided === output["outcome"]) continue;
      this.#findings.add("contradicted-outcome", () => ({
        message: `a client was told that saga ${nameOf(output["saga"])} is ${String(output["outcome"])}, which is ${String(decided ?? "not decided")}`,
        ops: [this.history.events[invoked]?.index ?? invoked],
      }));
    }
  }

  /** The last final read of each service's book. */
  #finalBooks(): Map<string, { read: JsonObject; index: number }> {
    const last = new Map<string, { read: JsonObject; index: number }>();
    for (const { f, final, outcome, output, invoked } of this.history.operations) {
      if (f !== "books" || !final || outcome !== "ok" || !isJsonObject(output)) continue;
      for (const [service, read] of Object.entries(output)) {
        const index = this.history.events[invoked]?.index ?? invoked;
        if (isJsonObject(read)) last.set(service, { read, index });
      }
    }
    return last;
  }

  #accounts(service: string, { read, index }: { read: JsonObject; index: number }): void {
    const { entries, initial, accounts } = read;
    const [what, name] = service === "payment" ? ["price", "customer"] : ["amount", "item"];
    if (service === "shipping" || !isJsonObject(accounts)) return;
    const sums = new Map<Json | undefined, number>();
    for (const { value } of (this.#books.get(service) ?? []).slice(0, Number(entries))) {
      if (value["action"] !== "done" && value["action"] !== "undone") continue;
      const sign = value["action"] === "done" ? -1 : 1;
      const account = value[name as string];
      const amount = value[what as string];
      if (typeof amount !== "number" || typeof initial !== "number") return;
      sums.set(account, (sums.get(account) ?? initial) + sign * amount);
    }
    for (const [account, sum] of sums) {
      if (accounts[String(account)] === sum) continue;
      this.#findings.add("lost-update", () => ({
        message: `${service} has ${String(accounts[String(account)])} for ${String(account)}, and its book comes to ${sum}`,
        ops: [index],
      }));
    }
  }
}

/** What was recorded first counts, of each number. */
function booksOf({ observations }: History): Map<string, Entry[]> {
  const books = new Map<string, Map<number, Entry>>();
  for (const event of observations) {
    const { f, value } = event;
    if (f !== "saga" || !isJsonObject(value)) continue;
    const { service, entry: number } = value;
    if (typeof service !== "string" || typeof number !== "number") continue;
    const book = books.get(service) ?? new Map<number, Entry>();
    books.set(service, book);
    if (!book.has(number)) book.set(number, { number, event, value });
  }
  return new Map(
    [...books].map(([service, book]): [string, Entry[]] => [
      service,
      [...book.values()].sort((a, b) => a.number - b.number),
    ]),
  );
}

function ordersOf({ operations, events }: History): Map<string, number> {
  const orders = new Map<string, number>();
  for (const { f, outcome, output, invoked } of operations) {
    if (f !== "order" || outcome !== "ok" || !isJsonObject(output)) continue;
    orders.set(nameOf(output["saga"]), events[invoked]?.index ?? invoked);
  }
  return orders;
}

function nameOf(saga: Json | undefined): string {
  return typeof saga === "string" ? saga : canonical(saga);
}

function actionOf(event: HistoryEvent | undefined): Json | undefined {
  return isJsonObject(event?.value) ? event.value["action"] : undefined;
}
