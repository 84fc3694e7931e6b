/**
 * All final states of a litmus test under a set of axioms, by candidate executions.
 *
 * Sources of reads are chosen one read after another, each choice closed under its consequences; of the
 * coherence order only the last write of each observed location is. That settles the final state. Where it is
 * new, the rest is a question of existence: sources of reads whose value nobody sees, and the order of
 * the other writes.
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
  /** Reads that the final state rests on, and the others. */
  readonly #telling: readonly number[];
  readonly #silent: readonly number[];
  #steps = 0;

  constructor(test: LitmusTest, events: Events, stepsMax: number) {
    this.#test = test;
    this.#events = events;
    this.#stepsMax = stepsMax;
    const locations = test.observed.flatMap(({ variable }) =>
      variable.kind === "location" ? [variable.location] : [],
    );
    this.#observed = [...new Set(locations)];
    const telling = tellingReads(test, events);
    this.#telling = events.reads.filter((read) => telling.has(read));
    this.#silent = events.reads.filter((read) => !telling.has(read));
  }

  get exhausted(): boolean {
    return this.#steps > this.#stepsMax;
  }

  run(axioms: Axioms): void {
    const start = Candidate.start(this.#events, axioms);
    if (start.settle()) this.#chooseSources(start, 0);
  }

  /** `next` is a place in the list of telling reads. */
  #chooseSources(candidate: Candidate, next: number): void {
    const read = this.#telling[next];
    if (read === undefined) {
      if (candidate.knows(this.#telling)) this.#chooseLast(candidate, 0, []);
      return;
    }
    for (const choice of this.#sourcesOf(candidate, read)) this.#chooseSources(choice, next + 1);
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
      const choice = candidate.fork();
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
    if (!this.found.has(key) && this.#completes(candidate, 0)) this.found.set(key, state);
  }

  /** Whether an order of the writes exists, and sources for the silent reads from place `next`. */
  #completes(candidate: Candidate, next: number): boolean {
    const pair = candidate.undecided();
    if (pair !== undefined) {
      const [first, second] = pair;
      return this.#holdsFor(candidate, first, second) || this.#holdsFor(candidate, second, first);
    }
    const read = this.#silent[next];
    if (read === undefined) return true;
    for (const choice of this.#sourcesOf(candidate, read)) {
      if (this.#completes(choice, next + 1)) return true;
    }
    return false;
  }

  #holdsFor(candidate: Candidate, first: number, second: number): boolean {
    if (++this.#steps > this.#stepsMax) return false;
    const choice = candidate.fork();
    return choice.overwrite(first, second) && this.#completes(choice, 0);
  }

  *#sourcesOf(candidate: Candidate, read: number): Generator<Candidate> {
    for (const write of this.#events.writesTo[this.#events.all[read]!.location]!) {
      if (!candidate.mayRead(read, write)) continue;
      if (++this.#steps > this.#stepsMax) return;
      const choice = candidate.fork();
      if (choice.read(read, write)) yield choice;
    }
  }
}

/** Reads whose value is observed, written or compared somewhere. O(events). */
function tellingReads(test: LitmusTest, { all, registers }: Events): Set<number> {
  const terms = test.observed.flatMap(({ variable }) =>
    variable.kind === "register" ? [registers[variable.thread]![variable.register]!] : [],
  );
  const reads = new Set<number>();
  all.forEach(({ value, expected }, event) => {
    if (value !== undefined) terms.push(value);
    if (expected === undefined) return;
    terms.push(expected);
    reads.add(event);
  });
  for (const term of terms) if (term.kind === "read") reads.add(term.event);
  return reads;
}
