/**
 * Circular replication, as with MySQL: each leader sends to the next one what it has taken from clients and
 * what it has heard from the one before, in the order of its relay log. A change goes once around, and
 * stops where it came from: that leader knows it by its origin.
 *
 * The next leader knows how far it has come in that log, and notes it in the same breath as what it took;
 * the log itself is on disk. Where a leader is down the ring is broken until it is back.
 */

import type { Json } from "../../src/base/json.js";
import type { Message } from "../../src/hosts/ts/node.js";
import type { Keeper, Replication } from "./leader.js";
import type { State } from "./resolution.js";

type Relayed = { key: string; state: State; origin: string; change: string };

const SHIP_MS = 50;
const BATCH_MAX = 64;

export class Ring implements Replication {
  readonly #keeper: Keeper;
  readonly #log: Relayed[];
  readonly #next: string;
  /** How much of the log is on disk: only that may be told. */
  #durable: number;
  /** How much of the log the next leader has. */
  #confirmed = 0;
  /** How much of the log of the one before is taken. */
  #position: number;
  #taking = false;
  /** How often each change was taken, in this life. */
  readonly #taken = new Map<string, number>();

  constructor(keeper: Keeper) {
    const { disk, nodes, id } = keeper.context;
    this.#keeper = keeper;
    this.#next = nodes[(nodes.indexOf(id) + 1) % nodes.length] as string;
    this.#log = disk.records("relay") as Json as unknown as Relayed[];
    this.#durable = this.#log.length;
    this.#position = Number(disk.read("position") ?? 0);
  }

  start(): void {
    const { context } = this.#keeper;
    // A crash may have kept a change in the log alone.
    void this.#keeper.take(this.#log.map(({ key, state }) => [key, state]));
    const ship = (): void => {
      const entries = this.#log.slice(this.#confirmed, this.#durable).slice(0, BATCH_MAX);
      if (entries.length > 0 && this.#next !== context.id) {
        context.send(this.#next, {
          type: "relay",
          from: this.#confirmed,
          entries: entries as unknown as Json,
        });
      }
      context.after(SHIP_MS, ship);
    };
    ship();
  }

  note(key: string, state: State): void {
    const { id } = this.#keeper.context;
    this.#append({ key, state, origin: id, change: `${id}/${this.#log.length}` });
  }

  /** What is durable here may be told from now on; the next shipment does. */
  spread(): void {
    void this.#settle();
  }

  async receive({ src, body }: Message): Promise<boolean> {
    const { type, from, entries, position } = body;
    if (type === "relayed") {
      this.#confirmed = Math.max(this.#confirmed, Number(position));
      return true;
    }
    if (type !== "relay") return false;
    // One batch after the other: the next one begins where this one ends.
    if (this.#taking || Number(from) > this.#position) return true;
    this.#taking = true;
    await this.#take((entries as unknown as Relayed[]).slice(this.#position - Number(from)));
    this.#taking = false;
    this.#keeper.context.send(src, { type: "relayed", position: this.#position });
    return true;
  }

  async #take(entries: readonly Relayed[]): Promise<void> {
    const { context, take } = this.#keeper;
    const position = this.#position + entries.length;
    const foreign = entries.filter(
      ({ origin }) => origin !== context.id || context.bugs.has("no-origin-filter"),
    );
    for (const relayed of foreign) {
      this.#append(relayed);
      this.#count(relayed);
    }
    context.disk.write("position", position);
    const length = this.#log.length;
    await take(foreign.map(({ key, state }) => [key, state]));
    this.#durable = Math.max(this.#durable, length);
    this.#position = position;
  }

  async #settle(): Promise<void> {
    const length = this.#log.length;
    await this.#keeper.context.disk.fsync();
    this.#durable = Math.max(this.#durable, length);
  }

  #append(relayed: Relayed): void {
    this.#log.push(relayed);
    this.#keeper.context.disk.append("relay", relayed as unknown as Json);
  }

  #count({ change }: Relayed): void {
    const times = (this.#taken.get(change) ?? 0) + 1;
    this.#taken.set(change, times);
    // Now and then: who goes in circles does so many times.
    if ((times & (times - 1)) === 0) this.#keeper.context.observe("relayed", { change, times });
  }
}
