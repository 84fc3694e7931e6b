/**
 * Decides linearizability of a small history straight from the definition (Herlihy and Wing,
 * 1990): there is a subset of the pending operations, and an order of these and all acknowledged
 * operations, such that
 *
 *   - an operation that completed before another was invoked comes before it, and
 *   - the objects, run one operation at a time in that order, answer as the clients saw.
 *
 * Every order of every subset is tried; an order is given up at its first wrong answer, and two
 * orders of the same operations that leave the objects alike are continued once. Keys are ordered
 * together, not one by one, so that locality is not taken for granted.
 *
 * Exponential: meant for at most 9 operations.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { ObjectType } from "./object-types.js";
import { type ObservedOperation, observedOperations, precedes } from "./observed-operations.js";
import { sequentialObjects } from "./sequential/index.js";
import type { SequentialObject } from "./sequential/sequential-object.js";

export function isLinearizable(
  events: readonly HistoryEvent[],
  type: ObjectType,
  init: Json = null,
): boolean {
  return isLinearizableAs(sequentialObjects[type], observedOperations(events), init);
}

/** The invocations in an order that proves it, those of all keys together; undefined if none does. */
export function linearizationOf(
  events: readonly HistoryEvent[],
  type: ObjectType,
  init: Json = null,
): number[] | undefined {
  return new Search(sequentialObjects[type], observedOperations(events), precedes).order(init);
}

/** The same for any specification, and for any idea of what comes before what. */
export function isLinearizableAs(
  object: SequentialObject,
  operations: readonly ObservedOperation[],
  init: Json,
  isBefore = precedes,
): boolean {
  return new Search(object, operations, isBefore).order(init) !== undefined;
}

/** Sets of operations are bit masks: bit n for the n-th. */
class Search {
  readonly #object: SequentialObject;
  readonly #operations: readonly ObservedOperation[];
  readonly #keys: (Json | undefined)[] = [];
  /** For each operation, which key it is of. */
  readonly #place: number[];
  /** For each operation, those that must come before it. */
  readonly #earlier: number[];
  readonly #acknowledged: number;
  readonly #hopeless = new Set<string>();
  /** Positions of the operations that are done, the last one first. */
  readonly #order: number[] = [];

  constructor(
    object: SequentialObject,
    observed: readonly ObservedOperation[],
    isBefore: typeof precedes,
  ) {
    const operations = observed.filter(({ outcome }) => outcome !== "fail");
    const those = (wanted: (operation: ObservedOperation) => boolean) =>
      operations.reduce((mask, operation, at) => (wanted(operation) ? mask | (1 << at) : mask), 0);
    this.#object = object;
    this.#operations = operations;
    this.#place = operations.map(({ key }) => this.#placeOf(key));
    this.#earlier = operations.map((later) => those((earlier) => isBefore(earlier, later)));
    this.#acknowledged = those(({ outcome }) => outcome === "ok");
  }

  order(init: Json): number[] | undefined {
    const states = this.#keys.map(() => this.#object.initial(init));
    if (!this.#canContinue(0, states)) return undefined;
    return this.#order.toReversed().map((at) => this.#operations[at]!.invoked);
  }

  /** Whether the operations that are not done can go on from `states` and satisfy all clients. */
  #canContinue(done: number, states: readonly Json[]): boolean {
    if ((this.#acknowledged & ~done) === 0) return true;
    const situation = `${done} ${JSON.stringify(states)}`;
    if (this.#hopeless.has(situation)) return false;
    for (const [at, operation] of this.#operations.entries()) {
      const isReady = (done & (1 << at)) === 0 && (this.#earlier[at]! & ~done) === 0;
      if (!isReady) continue;
      const place = this.#place[at]!;
      const after = stepOf(this.#object, states[place]!, operation);
      if (after === undefined) continue;
      if (this.#canContinue(done | (1 << at), states.with(place, after))) {
        this.#order.push(at);
        return true;
      }
    }
    this.#hopeless.add(situation);
    return false;
  }

  #placeOf(key: Json | undefined): number {
    const place = this.#keys.findIndex((other) => isDeepStrictEqual(other, key));
    return place < 0 ? this.#keys.push(key) - 1 : place;
  }
}

/** A fence orders, and touches nothing. */
export function stepOf(
  object: SequentialObject,
  state: Json,
  operation: ObservedOperation,
): Json | undefined {
  return operation.f === "fence" ? state : object.step(state, operation);
}
