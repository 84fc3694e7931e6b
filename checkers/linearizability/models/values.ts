/**
 * What registers share: values that operations observe, and how long each can still be observed.
 *
 * A value is observed by every completed read that returned it and every successful cas from it; by
 * a pending cas from it only if the value which that cas installs is observed in turn. Observations
 * are marked outwards from completed operations (a least fixed point): two pending cas that only
 * observe each other do not count.
 */

import { canonical, type Json, jsonEquals } from "../../../src/base/json.js";
import type { Call, Foresight, TimedCall } from "../model.js";

/** Stands for every value that nothing observes any more. */
export const DEAD: unique symbol = Symbol("dead");
export type Value = Json | typeof DEAD;

export const valueKey = (value: Value): string => (value === DEAD ? "dead" : canonical(value));

/** What a call reads and what it leaves behind, where it does either. */
export interface Effect {
  observes?: Json[];
  installs?: Json;
}

/** get and put are other names for read and write. */
export function named(f: string): string {
  return f === "get" ? "read" : f === "put" ? "write" : f;
}

/** The states in which a read may return `output`: a get of a key never written may return "". */
export function statesRead(f: string, output: Json): Json[] {
  return f === "get" && output === "" ? ["", null] : [output];
}

/**
 * Reads, writes and cas of all kinds of register. A cas to the value it found changes nothing; what
 * an append leaves depends on what it found.
 */
export function effectOf({ f, input, output }: Pick<Call, "f" | "input" | "output">): Effect {
  switch (named(f)) {
    case "read":
      return { observes: statesRead(f, output) };
    case "write":
      return { installs: input };
    case "cas": {
      const [from, to] = casPair(input);
      return jsonEquals(from, to) ? { observes: [from] } : { observes: [from], installs: to };
    }
    default:
      return {};
  }
}

/** O(calls + pending cas squared). */
export function foreseeValues(calls: readonly TimedCall[]): Foresight<Value> {
  const last = new Map<string, number>();
  const observe = (value: Json, position: number): boolean => {
    const key = canonical(value);
    if ((last.get(key) ?? -1) >= position) return false;
    last.set(key, position);
    return true;
  };
  const lastOf = (value: Json | undefined): number =>
    value === undefined ? -1 : (last.get(canonical(value)) ?? -1);

  const pending: TimedCall[] = [];
  for (const call of calls) {
    if (call.pending) pending.push(call);
    else for (const value of effectOf(call).observes ?? []) observe(value, call.completed);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const call of pending) {
      const { observes = [], installs } = effectOf(call);
      const useful = lastOf(installs);
      if (useful <= call.invoked) continue;
      for (const value of observes) changed = observe(value, useful) || changed;
    }
  }
  return {
    dead: DEAD,
    lastObserved: (value) => (value === DEAD ? -1 : lastOf(value)),
    lastUseful: (call) => lastOf(effectOf(call).installs),
  };
}

/** A cas argument, checked to be a pair when the history was admitted. */
export function casPair(input: Json): readonly [Json, Json] {
  const [from = null, to = null] = input as Json[];
  return [from, to];
}
