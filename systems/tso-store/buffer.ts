/**
 * A session's store buffer: first in, first out, into the memory.
 *
 * An entry lingers before it is sent, unless somebody waits for the buffer to be empty. Only the
 * oldest is ever on its way, and it leaves when the memory has answered.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext, Timer } from "../../src/hosts/ts/node.js";
import type { Change } from "../sessions/changes.js";

export interface Entry {
  place: number;
  change: Change;
  /** The memory may have it already: it was sent, by this boot or perhaps by an earlier one. */
  sent: boolean;
  dueMs: number;
  /** Told the memory's reply. */
  stored?: (reply: JsonObject) => void;
}

/** Entries of a buffer stay there for up to so long. */
const LINGER_MS = { min: 1, max: 60 };

export class StoreBuffer {
  readonly #context: NodeContext;
  readonly #store: (entry: Entry) => Promise<JsonObject>;
  #entries: Entry[] = [];
  #busy = false;
  #waiting: { even: "sent" | "stored"; done: () => void }[] = [];
  #pause: { timer: Timer; end: () => void } | undefined;

  /** `store` brings an entry to the memory, however long that takes. */
  constructor(context: NodeContext, store: (entry: Entry) => Promise<JsonObject>) {
    this.#context = context;
    this.#store = store;
  }

  /** When an entry that is made now is to be sent. */
  drawDueMs(): number {
    const { clock, random } = this.#context;
    return clock.monotonicMs() + random.magnitude(LINGER_MS.min, LINGER_MS.max);
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#wake();
    if (!this.#busy) void this.#drain();
  }

  /** The newest entry of the key. O(entries). */
  newest(key: string): Entry | undefined {
    return this.#entries.findLast(({ change }) => change.f !== "fence" && change.key === key);
  }

  /** Resolves when no entry is left; with "sent", when none is left but on its way. */
  empty(even: "sent" | "stored" = "stored"): Promise<void> {
    if (this.#entries.length === 0) return Promise.resolve();
    return new Promise((done) => {
      this.#waiting.push({ even, done });
      this.#release();
      this.#wake();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#entries.length > 0) {
      const entry = this.#next();
      const leftMs = entry.dueMs - this.#context.clock.monotonicMs();
      if (leftMs > 0 && this.#waiting.length === 0) {
        await this.#pauseFor(leftMs);
        continue;
      }
      entry.sent = true;
      this.#release();
      const reply = await this.#store(entry);
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      entry.stored?.(reply);
      this.#release();
    }
    this.#busy = false;
  }

  #next(): Entry {
    if (!this.#context.bugs.has("buffer-not-fifo")) return this.#entries[0] as Entry;
    // One queue a key, and whichever is due first: each key keeps its own order, no more.
    const keyOf = ({ change }: Entry): string => (change.f === "fence" ? "" : change.key);
    const oldest = this.#entries.filter(
      (entry, i) => this.#entries.findIndex((other) => keyOf(other) === keyOf(entry)) === i,
    );
    return oldest.reduce((first, entry) => (entry.dueMs < first.dueMs ? entry : first));
  }

  /** Or until something changes: an entry comes, or somebody waits. */
  #pauseFor(leftMs: number): Promise<void> {
    return new Promise((end) => {
      this.#pause = { timer: this.#context.after(leftMs, end), end };
    });
  }

  #wake(): void {
    this.#pause?.timer.cancel();
    this.#pause?.end();
    this.#pause = undefined;
  }

  #release(): void {
    const here = this.#entries.length;
    const unsent = this.#entries.filter(({ sent }) => !sent).length;
    const isOver = ({ even }: { even: string }): boolean => (even === "sent" ? unsent : here) === 0;
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((waiter) => !isOver(waiter));
    for (const { done } of over) done();
  }
}
