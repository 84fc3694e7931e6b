/**
 * All final states of a litmus test under a set of axioms, by candidate executions.
 *
 * Sources of reads are chosen one read after another, each choice closed under its consequences. Of the
 * coherence order only the last write of each observed location is enumerated: for the rest it is
 * enough that some order exists, and where a final state is known already not even that is asked.
 * Exponential in the reads in the worst case (the problem is NP-complete, Gibbons and Korach 1997).
 */

import { type Enumerate, type FinalState, LITMUS_STEPS_MAX, type LitmusTest } from "../program.js";
import type { Axioms } from "./axioms.js";
import { Candidate } from "./candidate.js";
import { type Events, eventsOf } from "./events.js";

/** Steps of the enumeration are candidate executions, unfinished ones included. */
export function enumerateUnder(axioms: Axioms): Enumerate {
  return (test, stepsMax = LITMUS_STEPS_MAX) => {
    const search = new Search(test, eventsOf(test), stepsMax);
    search.run(axioms);
    return search.exhausted
      ? { unknown: `more than ${stepsMax} candidate executions` }
      : { states: [...search.found.values()] };
  };
}

class Search {
  readonly found = new Map<string, FinalState>();
  readonly #test: LitmusTest;
  readonly #events: Events;
  readonly #stepsMax: number;
  /** Locations of the condition. */
  readonly #observed: readonly number[];
  #steps = 0;

  constructor(test: LitmusTest, events: Events, stepsMax: number) {
    this.#test = test;
    this.#events = events;
    this.#stepsMax = stepsMax;
    const locations = test.observed.flatMap(({ variable }) =>
      variable.kind === "location" ? [variable.location] : [],
    );
    this.#observed = [...new Set(locations)];
  }

  get exhausted(): boolean {
    return this.#steps > this.#stepsMax;
  }

  run(axioms: Axioms): void {
    const start = Candidate.start(this.#events, axioms);
    if (start.settle()) this.#chooseSources(start, 0);
  }

  /** `next` is a place in the list of reads. */
  #chooseSources(candidate: Candidate, next: number): void {
    const read = this.#events.reads[next];
    if (read === undefined) {
      if (candidate.valuesKnown) this.#chooseLast(candidate, 0, []);
      return;
    }
    for (const write of this.#events.writesTo[this.#events.all[read]!.location]!) {
      if (!candidate.mayRead(read, write)) continue;
      if (++this.#steps > this.#stepsMax) return;
      const choice = candidate.copy();
      if (choice.read(read, write)) this.#chooseSources(choice, next + 1);
    }
  }

  /** `next` is a place in the list of observed locations; `last` the last writes of those before it. */
  #chooseLast(candidate: Candidate, next: number, last: readonly number[]): void {
    const location = this.#observed[next];
    if (location === undefined) {
      this.#keep(candidate, last);
      return;
    }
    for (const write of this.#events.writesTo[location]!) {
      if (!candidate.takesPlace(write)) continue;
      if (++this.#steps > this.#stepsMax) return;
      const choice = candidate.copy();
      if (choice.putLast(write)) this.#chooseLast(choice, next + 1, [...last, write]);
    }
  }

  #keep(candidate: Candidate, last: readonly number[]): void {
    const state = this.#test.observed.map(({ variable }) =>
      variable.kind === "location"
        ? candidate.valueWritten(last[this.#observed.indexOf(variable.location)]!)
        : candidate.valueOf(this.#events.registers[variable.thread]![variable.register]!),
    );
    const key = state.join();
    if (!this.found.has(key) && this.#completes(candidate)) this.found.set(key, state);
  }

  /** Whether the pairs of writes that are still open can be decided. */
  #completes(candidate: Candidate): boolean {
    const pair = candidate.undecided();
    if (pair === undefined) return true;
    const [first, second] = pair;
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      if (++this.#steps > this.#stepsMax) return false;
      const choice = candidate.copy();
      if (choice.overwrite(one, other) && this.#completes(choice)) return true;
    }
    return false;
  }
}
