/**
 * A learner's count of who accepted what, for one instance.
 *
 * A value is chosen when a majority of acceptors has accepted it in one and the same ballot. Accepts
 * of different ballots do not add up: in between, a majority that knew of neither may have promised
 * to a third ballot, and chosen otherwise.
 */

import type { Json } from "../../src/base/json.js";

export interface TallyOptions {
  majority: number;
  /** Adds up all ballots: the bug `adds-up-ballots`. */
  addUp: boolean;
}

interface Votes<Value> {
  value: Value;
  acceptors: Set<string>;
}

export class Tally<Value extends Json> {
  readonly #options: TallyOptions;
  readonly #ballots = new Map<number, Votes<Value>>();

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  /** True when accepts of several ballots are known: proposers have competed. */
  get contested(): boolean {
    return this.#ballots.size > 1;
  }

  /** Counts an accept; the value, boxed, when it is chosen by that. */
  count(acceptor: string, ballot: number, value: Value): { value: Value } | undefined {
    const { addUp, majority } = this.#options;
    const name = addUp ? 0 : ballot;
    const votes = this.#ballots.get(name) ?? { value, acceptors: new Set<string>() };
    this.#ballots.set(name, votes);
    votes.acceptors.add(acceptor);
    return votes.acceptors.size >= majority ? { value: votes.value } : undefined;
  }

  /** What this acceptor has said counts no longer. */
  forget(acceptor: string): void {
    for (const { acceptors } of this.#ballots.values()) acceptors.delete(acceptor);
  }
}
