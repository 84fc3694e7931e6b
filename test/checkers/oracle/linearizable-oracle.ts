/**
 * Decides linearizability of a small history straight from the definition (Herlihy and Wing,
 * 1990): there is a subset of the pending operations, and an order of these and all acknowledged
 * operations, such that
 *
 *   - an operation that completed before another was invoked comes before it, and
 *   - the objects, run one operation at a time in that order, answer as the clients saw.
 *
 * Every subset is tried, and every order; an order is given up at its first wrong answer. Keys are
 * ordered together, not one by one, so that locality is not taken for granted. It reads events, not
 * paired operations, so that pairing is not taken for granted either.
 *
 * Exponential: meant for at most 9 operations.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import {
  type EffectiveOperation,
  initialValue,
  type ObjectType,
  step,
} from "./sequential-object.js";

export interface ObservedOperation extends EffectiveOperation {
  outcome: "ok" | "fail" | "info";
  /** Positions in the list of events; `completed` is Infinity unless the outcome is known. */
  invoked: number;
  completed: number;
}

export function isLinearizable(
  events: readonly HistoryEvent[],
  type: ObjectType,
  init: Json = null,
): boolean {
  const operations = observedOperations(events);
  const acknowledged = operations.filter(({ outcome }) => outcome === "ok");
  const pending = operations.filter(({ outcome }) => outcome === "info");
  return subsets(pending).some((effective) =>
    someOrderIsLegal([...acknowledged, ...effective], [], type, initialValue(type, init)),
  );
}

/** What the clients' processes did; what nodes and the nemesis recorded is left out. */
export function observedOperations(events: readonly HistoryEvent[]): ObservedOperation[] {
  const operations: ObservedOperation[] = [];
  for (const [invoked, event] of events.entries()) {
    if (event.type !== "invoke" || typeof event.process === "string") continue;
    const completed = events.findIndex(
      (later, at) => at > invoked && later.process === event.process,
    );
    const completion = events[completed];
    const outcome = completion === undefined ? "info" : completion.type;
    if (outcome === "invoke") throw new Error(`process ${event.process} has two operations open`);
    const known = outcome === "ok" || outcome === "fail";
    operations.push({
      f: event.f,
      key: event.key,
      input: event.value,
      output: known ? completion?.value : undefined,
      outcome,
      invoked,
      completed: known ? completed : Infinity,
    });
  }
  return operations;
}

/** What each key holds; a key that is not listed holds the initial value. */
type Objects = readonly { key: Json | undefined; value: Json }[];

function someOrderIsLegal(
  remaining: readonly ObservedOperation[],
  objects: Objects,
  type: ObjectType,
  initial: Json,
): boolean {
  if (remaining.length === 0) return true;
  return remaining.some((next) => {
    if (remaining.some((other) => precedes(other, next))) return false;
    const after = applied(objects, next, type, initial);
    if (after === undefined) return false;
    const others = remaining.filter((other) => other !== next);
    return someOrderIsLegal(others, after, type, initial);
  });
}

/** The objects after `operation`, or undefined when its answer would have been another. */
export function applied(
  objects: Objects,
  operation: ObservedOperation,
  type: ObjectType,
  initial: Json,
): Objects | undefined {
  const isOfKey = ({ key }: { key: Json | undefined }) => isDeepStrictEqual(key, operation.key);
  const value = objects.find(isOfKey)?.value;
  const after = step(type, value === undefined ? initial : value, operation);
  if (after === undefined) return undefined;
  return [...objects.filter((object) => !isOfKey(object)), { key: operation.key, value: after }];
}

export function precedes(earlier: ObservedOperation, later: ObservedOperation): boolean {
  return earlier.completed < later.invoked;
}

export function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}
