/**
 * Verifies a claimed linearization: an order of one object's operations, each named by the index
 * of its invocation. It holds every acknowledged operation once, some of the pending ones, nothing
 * that failed and nothing of another key; it contradicts no real-time order; and the object, run
 * through it one operation at a time, answers as the clients saw. O(n log n) and one replay.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { stepOf } from "./linearizable-oracle.js";
import type { ObjectType } from "./object-types.js";
import { type ObservedOperation, observedOperations } from "./observed-operations.js";
import { sequentialObjects } from "./sequential/index.js";

export interface Linearization {
  /** Absent for the object without a key. */
  key?: Json;
  ops: readonly number[];
}

/** What is wrong with the linearizations of all objects of a history; undefined when nothing is. */
export function flawOfAll(
  linearizations: readonly Linearization[],
  events: readonly HistoryEvent[],
  type: ObjectType,
  init: Json,
): string | undefined {
  const operations = observedOperations(events).filter(({ f }) => f !== "fence");
  for (const { key, outcome } of operations) {
    const those = linearizations.filter((other) => isDeepStrictEqual(other.key, key));
    if (those.length > 1) return `key ${JSON.stringify(key)} has ${those.length} linearizations`;
    if (those.length === 0 && outcome === "ok") return `key ${JSON.stringify(key)} has none`;
  }
  for (const { key, ops } of linearizations) {
    const ofKey = operations.filter((operation) => isDeepStrictEqual(operation.key, key));
    const flaw = flawOf(ops, ofKey, type, init);
    if (flaw !== undefined) return `key ${JSON.stringify(key)}: ${flaw}`;
  }
  return undefined;
}

function flawOf(
  ops: readonly number[],
  operations: readonly ObservedOperation[],
  type: ObjectType,
  init: Json,
): string | undefined {
  const byInvocation = new Map(operations.map((operation) => [operation.invoked, operation]));
  const object = sequentialObjects[type];
  let state = object.initial(init);
  let latestInvoked = -1;
  for (const index of ops) {
    const operation = byInvocation.get(index);
    if (operation === undefined) return `${index} is no operation of it, or comes twice`;
    byInvocation.delete(index);
    if (operation.outcome === "fail") return `${index} failed`;
    // It must not have ended before anything that is ordered before it began.
    if (operation.completed < latestInvoked) return `${index} ended before what precedes it began`;
    latestInvoked = Math.max(latestInvoked, operation.invoked);
    const after = stepOf(object, state, operation);
    if (after === undefined) return `${index} cannot answer so in state ${JSON.stringify(state)}`;
    state = after;
  }
  const left = [...byInvocation.values()].find(({ outcome }) => outcome === "ok");
  return left && `${left.invoked} is missing`;
}
