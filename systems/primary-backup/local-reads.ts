/**
 * Reads that a replica answers by itself, from the prefix of its log that it knows to be kept: old,
 * perhaps, but never of a write that a failover undid (`async` apart, where nothing is safe).
 *
 * After a boot it answers nothing until a primary has told it what is kept. What a primary tells
 * includes all that was ever kept before: so the reads of one replica never go back.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Journal } from "./journal.js";
import type { ReplicatedService, State } from "./state.js";

export class LocalReads {
  readonly #journal: Journal;
  readonly #service: ReplicatedService;
  #state: State;
  #kept = 0;
  #applied = 0;
  /** Of the last entry applied: tells whether the log was cut below it since. */
  #appliedEpoch = 0;

  constructor(journal: Journal, service: ReplicatedService) {
    this.#journal = journal;
    this.#service = service;
    this.#state = service.state();
  }

  /** The first `kept` entries of the log are those that a primary keeps. */
  learn(kept: number): void {
    this.#kept = Math.max(this.#kept, kept);
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

  #startOver(): void {
    this.#state = this.#service.state();
    this.#applied = 0;
    this.#appliedEpoch = 0;
  }
}
