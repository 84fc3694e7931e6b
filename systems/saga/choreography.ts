/**
 * Choreography: nobody is in charge. Each service does its step when it hears that the one before is done,
 * and undoes it when it hears that the one after is not; the news goes down the chain and back up, and
 * the order ends where it began.
 *
 * News is never lost: an event is part of the entry that it tells of (a transactional outbox), and is
 * sent again until its receiver has it on disk. It may come twice; a book takes what it has for done.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Book, type Entry, type SagaEvent } from "./book.js";
import type { Coordination, Desk, Outcome } from "./coordination.js";
import { nodeOf, type Order, orderOf, type Service, type Step, services } from "./order.js";
import type { NewsOf, Participant } from "./participant.js";
import type { SagaProbe } from "./probes.js";

const TIMEOUT_MS = 200;
const RESEND_MS = 150;

export class Choreography implements Coordination {
  readonly #context: NodeContext;
  readonly #desk: Desk;
  readonly #orders: Book;
  /** Entries whose event has been taken, or need not be sent, by service and place. */
  readonly #sent = new Set<string>();
  readonly #underWay = new Set<string>();
  readonly #waiting = new Map<string, ((outcome: Outcome) => void)[]>();

  constructor(context: NodeContext, desk: Desk) {
    this.#context = context;
    this.#desk = desk;
    this.#orders = new Book(context, "order");
    for (const mark of context.disk.records("sent")) this.#sent.add(String(mark));
    if (context.bugs.has("no-outbox")) {
      // Events were handed over when they happened: what is on the disk is state, and state alone.
      this.#eachEntry((_, mark) => this.#sent.add(mark));
    }
  }

  start(): void {
    const again = (): void => {
      this.#publish();
      this.#context.after(RESEND_MS, again);
    };
    again();
  }

  async place(order: Order): Promise<Outcome> {
    const { saga } = order;
    if (!this.#orders.has(saga, "started")) {
      this.#orders.append({ action: "started", order, event: { to: "payment", kind: "do" } });
    }
    await this.#orders.settle();
    this.#publish();
    const known = this.#outcomeOf(saga);
    if (known !== undefined) return known;
    return new Promise((resolve) => {
      this.#waiting.set(saga, [...(this.#waiting.get(saga) ?? []), resolve]);
    });
  }

  receive(body: JsonObject): Promise<JsonObject> | undefined {
    const { type, to, kind, order } = body;
    if (type !== "event" || !isJsonObject(order)) return undefined;
    const about = orderOf(String(order["saga"]), order);
    if (about === undefined) return undefined;
    return this.#take(to as Service, kind as SagaEvent["kind"], about).then(() => {
      this.#publish();
      return { type: "event_ok" };
    });
  }

  async #take(to: Service, kind: SagaEvent["kind"], order: Order): Promise<void> {
    const participant = this.#desk.participants.get(to);
    if (participant === undefined) await this.#end(order, kind);
    else if (kind === "undo") await participant.undo(order, newsFrom(to as Step));
    else await participant.perform(order, newsFrom(to as Step));
  }

  async #end(order: Order, kind: SagaEvent["kind"]): Promise<void> {
    const { saga } = order;
    if (this.#outcomeOf(saga) === undefined) {
      if (kind === "cancel") this.#probe("a saga was compensated");
      this.#orders.append({ action: kind === "confirm" ? "confirmed" : "cancelled", order });
    }
    await this.#orders.settle();
    const outcome = this.#outcomeOf(saga);
    if (outcome === undefined) return;
    for (const tell of this.#waiting.get(saga) ?? []) tell(outcome);
    this.#waiting.delete(saga);
  }

  /** Sends what is durable and has not been taken yet. */
  #publish(): void {
    this.#eachEntry((entry, mark) => {
      if (entry.event === undefined || this.#sent.has(mark) || this.#underWay.has(mark)) return;
      this.#underWay.add(mark);
      void this.#send(entry, entry.event, mark);
    });
  }

  async #send({ order }: Entry, { to, kind }: SagaEvent, mark: string): Promise<void> {
    try {
      const body = { type: "event", to, kind, order: { ...order } };
      await this.#context.rpc(nodeOf(to, this.#context.nodes), body, { timeoutMs: TIMEOUT_MS });
      this.#sent.add(mark);
      this.#context.disk.append("sent", mark);
    } catch {
      this.#probe("an event was sent again");
    } finally {
      this.#underWay.delete(mark);
    }
  }

  #eachEntry(visit: (entry: Entry, mark: string) => void): void {
    const books: [Service, Book][] = [
      ["order", this.#orders],
      ...[...this.#desk.participants].map(
        ([service, { book }]: [Service, Participant]): [Service, Book] => [service, book],
      ),
    ];
    for (const [service, { entries, durable }] of books) {
      for (const [i, entry] of entries.entries()) if (i < durable) visit(entry, `${service}/${i}`);
    }
  }

  #outcomeOf(saga: string): Outcome | undefined {
    if (this.#orders.has(saga, "confirmed")) return "confirmed";
    return this.#orders.has(saga, "cancelled") ? "cancelled" : undefined;
  }

  #probe(name: SagaProbe): void {
    this.#context.probe(name);
  }
}

/** Down the chain when it is done, back up when it is not, or no more. */
function newsFrom(step: Step): NewsOf {
  const place = services.indexOf(step);
  const before = services[place - 1] as Service;
  const after = services[place + 1];
  return (action) => {
    if (action !== "done") return { to: before, kind: place === 1 ? "cancel" : "undo" };
    return after === undefined ? { to: "order", kind: "confirm" } : { to: after, kind: "do" };
  };
}
