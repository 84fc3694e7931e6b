/**
 * How the primary's log reaches the replicas: late, in order, again until it has arrived.
 *
 * One timer a replica; what grows meanwhile goes along. A replica answers how much it has on disk.
 */

import type { Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Change } from "../sessions/changes.js";
import type { DurableLog } from "../sessions/durable-log.js";

/** A change, and which request of which session it is. */
export type LogEntry = { session: string; number: number; change: Change };

/** New entries are sent after so long: what makes replicas lag enough to be told apart. */
const LAG_MS = { min: 1, max: 60 };
const RETRY_MS = 60;
const ENTRIES_MAX = 200;

interface Replica {
  /** Entries it has on disk, as far as we know. */
  has: number;
  /** How much of the log was under way to it when its timer was set. */
  scheduled: boolean;
}

export class Shipping {
  readonly #context: NodeContext;
  readonly #log: DurableLog<LogEntry>;
  readonly #replicas: Map<string, Replica>;

  constructor(context: NodeContext, log: DurableLog<LogEntry>) {
    this.#context = context;
    this.#log = log;
    this.#replicas = new Map(context.peers.map((name) => [name, { has: 0, scheduled: false }]));
    // After a restart nobody knows how far they are: an empty message asks.
    for (const name of context.peers) this.#send(name, log.applied, []);
    this.onGrowth();
  }

  onGrowth(): void {
    const { random } = this.#context;
    for (const [name, replica] of this.#replicas) {
      if (replica.has < this.#log.applied) {
        this.#schedule(name, replica, random.magnitude(LAG_MS.min, LAG_MS.max));
      }
    }
  }

  onHave(name: string, length: number): void {
    const replica = this.#replicas.get(name);
    if (replica === undefined) return;
    replica.has = Math.max(replica.has, length);
  }

  #schedule(name: string, replica: Replica, delayMs: number): void {
    if (replica.scheduled) return;
    replica.scheduled = true;
    this.#context.after(delayMs, () => {
      replica.scheduled = false;
      const { has } = replica;
      if (has >= this.#log.applied) return;
      this.#send(name, has, this.#log.slice(has, ENTRIES_MAX));
      this.#schedule(name, replica, RETRY_MS);
    });
  }

  #send(name: string, from: number, entries: readonly LogEntry[]): void {
    this.#context.send(name, { type: "entries", from, entries: entries as unknown as Json });
  }
}
