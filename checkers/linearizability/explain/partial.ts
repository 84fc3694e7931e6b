/**
 * The longest partial linearizations: how far the operations of one object can be put in an order
 * that respects real time and that the object could have executed, and what cannot come next.
 *
 * A depth-first search with a memo of (set of operations, state), after Wing & Gong (1993) and Lowe
 * (2017). It shares nothing with the engines that give verdicts, so that what a person is shown
 * checks them. A completed read that is legal is taken at once: it changes nothing and only frees
 * others. Exponential in the concurrency at worst: meant for stories of a few dozen operations, and
 * bounded by a budget of steps.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Model } from "../model.js";
import { callsOf, type OperationCall, showState } from "./calls.js";
import { label } from "./label.js";

export interface PartialLinearization {
  /** The order, with the state that each operation leaves. */
  order: { operation: Operation; state: string }[];
  /** The operations that would have to come next, and why none of them can; the breaking one first. */
  blocked: { operation: Operation; why: string }[];
}

export interface PartialLinearizations {
  /** All of the same number of completed operations; they differ in the set of those or in the state. */
  longest: PartialLinearization[];
  /** False when the budget was spent: longer ones, or more, may exist. */
  complete: boolean;
  /** Further longest ones that were found and are not listed. */
  more: number;
}

export interface PartialLimits {
  /** Configurations visited; 100,000 unless told. */
  stepsMax?: number;
  /** How many of the longest are listed; 8 unless told. */
  ordersMax?: number;
  /** Position of the invocation of the operation whose impossibility is always explained. */
  breaking?: number;
}

/** `operations` are those of one object in order of invocation. */
export function partialLinearizations<State>(
  operations: readonly Operation[],
  model: Model<State>,
  init: Json,
  limits: PartialLimits = {},
): PartialLinearizations {
  const { stepsMax = 100_000, ordersMax = 8, breaking = -1 } = limits;
  const search = new PartialSearch(callsOf(operations, model), model, model.init(init));
  const complete = search.run(stepsMax);
  const longest = search.longest;
  return {
    longest: longest.slice(0, ordersMax).map(({ order }) => search.describe(order, breaking)),
    complete,
    more: Math.max(0, longest.length - ordersMax),
  };
}

/** One step of the path that the search is on: what may come next there, and which of it is next. */
interface Frame<State> {
  state: State;
  /** The first completed operation that is not taken is at or after this place. */
  first: number;
  choices: readonly Choice<State>[];
  at: number;
}

interface Choice<State> {
  place: number;
  state: State;
}

interface Found {
  order: number[];
  pending: number;
}

class PartialSearch<State> {
  readonly #completed: readonly number[];
  readonly #pending: readonly number[];
  readonly #taken: Uint16Array;
  readonly #seen = new Set<string>();
  readonly #order: number[] = [];
  #completedCount = 0;
  #longestCount = -1;
  /** By completed operations and state; of equal ones that with the fewest pending operations. */
  #found = new Map<string, Found>();

  constructor(
    private readonly calls: readonly OperationCall[],
    private readonly model: Model<State>,
    private readonly initial: State,
  ) {
    const places = calls.map((_, place) => place);
    this.#completed = places.filter((place) => !calls[place]!.call.pending);
    this.#pending = places.filter((place) => calls[place]!.call.pending);
    this.#taken = new Uint16Array(Math.ceil(calls.length / 16));
  }

  /** In order of discovery. */
  get longest(): Found[] {
    return [...this.#found.values()];
  }

  /** False when the budget was spent first. */
  run(stepsMax: number): boolean {
    const path: Frame<State>[] = [this.#enter(this.initial, 0)];
    for (let steps = 0; path.length > 0; ) {
      const frame = path.at(-1)!;
      const choice = frame.choices[frame.at++];
      if (choice === undefined) {
        path.pop();
        if (path.length > 0) this.#undo();
        continue;
      }
      if (++steps > stepsMax) return false;
      this.#take(choice.place);
      const key = this.#key(choice.state, this.#taken);
      if (this.#seen.has(key)) {
        this.#undo();
        continue;
      }
      this.#seen.add(key);
      path.push(this.#enter(choice.state, frame.first));
      if (this.#completedCount === this.#completed.length) return true;
    }
    return true;
  }

  #enter(state: State, first: number): Frame<State> {
    this.#record(state);
    let start = first;
    while (start < this.#completed.length && this.#has(this.#completed[start]!)) start++;
    return { state, first: start, choices: this.#choices(state, start), at: 0 };
  }

  #choices(state: State, first: number): Choice<State>[] {
    const { ready, deadline } = this.#ready(first);
    const legal: Choice<State>[] = [];
    for (const place of ready) {
      const { call } = this.calls[place]!;
      const after = this.model.step(state, call);
      if (after === undefined) continue;
      if (this.model.role(call) === "read") return [{ place, state: after }];
      legal.push({ place, state: after });
    }
    legal.sort((a, b) => this.#completionOf(a.place) - this.#completionOf(b.place));
    const before = this.model.key(state);
    for (const place of this.#pending) {
      const { call, operation } = this.calls[place]!;
      if (operation.invoked > deadline) break;
      if (this.#has(place)) continue;
      const after = this.model.step(state, call);
      if (after !== undefined && this.model.key(after) !== before)
        legal.push({ place, state: after });
    }
    return legal;
  }

  /** The completed operations that nothing which is left must precede, and until when those are open. */
  #ready(first: number): { ready: number[]; deadline: number } {
    const ready: number[] = [];
    let deadline = Number.POSITIVE_INFINITY;
    for (let i = first; i < this.#completed.length; i++) {
      const place = this.#completed[i]!;
      const { invoked, completed } = this.calls[place]!.operation;
      if (invoked > deadline) break;
      if (this.#has(place)) continue;
      ready.push(place);
      deadline = Math.min(deadline, completed);
    }
    return { ready, deadline };
  }

  /** A pending operation at the end leads nowhere: such an order is not kept. */
  #record(state: State): void {
    const last = this.#order.at(-1);
    if (last !== undefined && this.calls[last]!.call.pending) return;
    if (this.#completedCount < this.#longestCount) return;
    if (this.#completedCount > this.#longestCount) this.#found.clear();
    this.#longestCount = this.#completedCount;
    const taken = new Uint16Array(this.#taken.length);
    const completed = this.#order.filter((place) => !this.calls[place]!.call.pending);
    for (const place of completed) taken[place >>> 4]! |= 1 << (place & 15);
    const key = this.#key(state, taken);
    const pending = this.#order.length - completed.length;
    const known = this.#found.get(key);
    if (known !== undefined && known.pending <= pending) return;
    this.#found.set(key, { order: [...this.#order], pending });
  }

  describe(order: readonly number[], breaking: number): PartialLinearization {
    let state = this.initial;
    const shown = order.map((place) => {
      const { call, operation } = this.calls[place]!;
      state = this.model.step(state, call)!;
      return { operation, state: showState(this.model, state) };
    });
    this.#taken.fill(0);
    for (const place of order) this.#taken[place >>> 4]! |= 1 << (place & 15);
    return { order: shown, blocked: this.#blocked(showState(this.model, state), breaking) };
  }

  #blocked(state: string, breaking: number): PartialLinearization["blocked"] {
    const { ready } = this.#ready(0);
    const blocked = ready.map((place) => {
      const { operation } = this.calls[place]!;
      return { operation, why: `${label(operation)} is impossible while the state is ${state}` };
    });
    const isBreaking = ({ operation }: { operation: Operation }): boolean =>
      operation.invoked === breaking;
    const waiting = this.#completed.find(
      (place) => !this.#has(place) && !ready.includes(place) && isBreaking(this.calls[place]!),
    );
    if (waiting !== undefined) {
      const { operation } = this.calls[waiting]!;
      const earlier = blocked
        .filter((other) => other.operation.completed < operation.invoked)
        .map((other) => label(other.operation));
      const why = `${label(operation)} has to wait for ${earlier.join(" and ")}`;
      blocked.push({ operation, why });
    }
    return [...blocked.filter(isBreaking), ...blocked.filter((other) => !isBreaking(other))];
  }

  #take(place: number): void {
    this.#order.push(place);
    this.#taken[place >>> 4]! |= 1 << (place & 15);
    if (!this.calls[place]!.call.pending) this.#completedCount += 1;
  }

  #undo(): void {
    const place = this.#order.pop()!;
    this.#taken[place >>> 4]! &= ~(1 << (place & 15));
    if (!this.calls[place]!.call.pending) this.#completedCount -= 1;
  }

  #has(place: number): boolean {
    return (this.#taken[place >>> 4]! & (1 << (place & 15))) !== 0;
  }

  #completionOf(place: number): number {
    return this.calls[place]!.operation.completed;
  }

  #key(state: State, taken: Uint16Array): string {
    return `${String.fromCharCode(...taken)} ${this.model.key(state)}`;
  }
}
