/**
 * The transactional outbox (Richardson 2018): what has happened is to be told to somebody who keeps a ledger
 * of his own, and there is no transaction over both. So the news is a row in the store, written with the
 * effect in one write; a relay publishes the rows in order until the ledger has them. The ledger may be told
 * twice and takes each row once, by its number.
 *
 * The relay keeps no place of its own: after a restart it begins at the first row, and the ledger says how
 * far it is.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Ask } from "./job.js";
import type { WorkQueueProbe } from "./probes.js";
import type { Store } from "./store.js";

const TIMEOUT_MS = 200;
const RELAY_MS = 40;
const BATCH_MAX = 20;

/** Beside the store, on its node. */
export class Relay {
  readonly #context: NodeContext;
  readonly #store: Store;
  readonly #askLedger: Ask;
  #published = 0;

  constructor(context: NodeContext, store: Store, askLedger: Ask) {
    this.#context = context;
    this.#store = store;
    this.#askLedger = askLedger;
  }

  async run(): Promise<never> {
    for (;;) {
      if (this.#store.rows.length > this.#published) await this.#publish();
      await this.#context.sleep(RELAY_MS);
    }
  }

  async #publish(): Promise<void> {
    const from = this.#published;
    const rows = this.#store.rows.slice(from, from + BATCH_MAX);
    // News of what a crash may undo is no news.
    await this.#context.disk.fsync();
    try {
      const { length } = await this.#askLedger({ type: "publish", from, rows }, TIMEOUT_MS);
      this.#published = Math.max(from, Number(length));
    } catch {
      this.#probe("a row of the outbox was published again");
    }
  }

  #probe(name: WorkQueueProbe): void {
    this.#context.probe(name);
  }
}

/** What the other side has been told, in the order of the rows. */
export class Ledger {
  readonly #context: NodeContext;
  readonly #news: Json[];

  constructor(context: NodeContext) {
    this.#context = context;
    this.#news = context.disk.records("news");
  }

  async receive({ type, from, rows }: JsonObject): Promise<JsonObject> {
    if (type === "publish") this.#take(Number(from), rows as Json[]);
    const length = this.#news.length;
    await this.#context.disk.fsync();
    if (type === "publish") return { type: "publish_ok", length };
    return { type: "news_ok", news: this.#news.slice(0, length) };
  }

  #take(from: number, rows: readonly Json[]): void {
    for (const row of rows.slice(Math.max(0, this.#news.length - from))) {
      this.#news.push(row);
      this.#context.disk.append("news", row);
    }
  }
}
