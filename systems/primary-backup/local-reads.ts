/**
 * Reads that a replica answers by itself, from the prefix of its log that it knows to be kept: old,
 * perhaps, but never of a write that a failover undid (`async` apart, where nothing is safe).
 *
 * After a boot it answers nothing until a primary has told it what is kept. What a primary tells
 * includes all that was ever kept before: so the reads of one replica never go back. A read with a
 * mark waits until so much is known to be kept; how old it may be is then the mark's business.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Journal } from "./journal.js";
import type { Mark } from "./messages.js";
import type { ReplicatedService, State } from "./state.js";

export class LocalReads {
  readonly #journal: Journal;
  readonly #service: ReplicatedService;
  #state: State;
  #kept = 0;
  #applied = 0;
  /** Of the last entry applied: tells whether the log was cut below it since. */
  #appliedEpoch = 0;
  /** The epoch whose primary's log agrees with this one, and how far. */
  #agreed = { epoch: 0, length: 0 };
  #waiting: { mark: Mark; answer(): void }[] = [];

  constructor(journal: Journal, service: ReplicatedService) {
    this.#journal = journal;
    this.#service = service;
    this.#state = service.state();
  }

  /** The first `length` entries of the log are those of that epoch's primary, who keeps `kept`. */
  learn({ epoch, kept }: Mark, length: number): void {
    const agreed = epoch === this.#agreed.epoch ? Math.max(length, this.#agreed.length) : length;
    this.#agreed = { epoch, length: agreed };
    this.#keep(Math.min(kept, agreed));
  }

  /** The first `kept` entries were kept before this node went down. */
  remember(kept: number): void {
    this.#keep(kept);
  }

  /** Resolves once the node knows as much to be kept as the mark says. */
  reach(mark: Mark): Promise<void> {
    return new Promise((answer) => {
      this.#waiting.push({ mark, answer });
      this.#keep(mark.epoch === this.#agreed.epoch ? Math.min(mark.kept, this.#agreed.length) : 0);
    });
  }

  /** Undefined while nothing is known to be kept. O(entries kept since the last read). */
  read(key: Json): JsonObject | undefined {
    if (this.#kept === 0) return undefined;
    if (this.#journal.epochAt(this.#applied) !== this.#appliedEpoch) this.#startOver();
    const until = Math.min(this.#kept, this.#journal.length);
    while (this.#applied < until) {
      const request = this.#journal.entry(this.#applied++)?.request;
      if (request) this.#state.apply(request);
    }
    this.#appliedEpoch = this.#journal.epochAt(this.#applied) ?? 0;
    return this.#state.read(key);
  }

  #keep(kept: number): void {
    this.#kept = Math.max(this.#kept, kept);
    const ready = this.#waiting.filter(({ mark }) => mark.kept <= this.#kept);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((wait) => !ready.includes(wait));
    for (const { answer } of ready) answer();
  }

  #startOver(): void {
    this.#state = this.#service.state();
    this.#applied = 0;
    this.#appliedEpoch = 0;
  }
}
