/**
 * What registers share: values that operations observe, and how long each can still be observed.
 *
 * A value is observed by every completed read that returned it and every successful cas from it; by
 * a pending cas from it only if the value which that cas installs is observed in turn. Observations
 * are marked outwards from completed operations (a least fixed point): two pending cas that only
 * observe each other do not count.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import { canonical, type Json, jsonEquals } from "../../../src/base/json.js";
import type { Call, Foresight } from "../model.js";
import type { ObjectView } from "../view.js";

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

/** The states in which a read may return `output`: one of a key never written may return "". */
export function statesRead(output: Json): Json[] {
  return output === "" ? ["", null] : [output];
}

/**
 * Reads, writes and cas of all kinds of register. A cas to the value it found changes nothing; what
 * an append leaves depends on what it found.
 */
export function effectOf({ f, input, output }: Pick<Call, "f" | "input" | "output">): Effect {
  switch (named(f)) {
    case "read":
      return { observes: statesRead(output) };
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

/** O(calls + rounds * pending cas); a round lets observations travel through one more pending cas. */
export function foreseeValueIds(view: ObjectView, functions: readonly string[]): Foresight<Value> {
  const { size, f, input, output, invoked, completed, values } = view;
  const last = new LastById();
  const kinds = functions.map(named);
  const observe = (id: number, position: number): boolean => {
    if (last.of(id) >= position) return false;
    last.set(id, position);
    return true;
  };
  const pending: number[] = [];
  for (let i = 0; i < size; i++) {
    const kind = kinds[f[i]!];
    if (completed[i] === PENDING) {
      if (kind === "cas") pending.push(i);
    } else if (kind === "read") {
      observe(output[i]!, completed[i]!);
      if (values.value(output[i]!) === "") observe(NULL_ID, completed[i]!);
    } else if (kind === "cas") observe(values.elements(input[i]!)[0] ?? NULL_ID, completed[i]!);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const i of pending) {
      const [from = NULL_ID, to = NULL_ID] = values.elements(input[i]!);
      const useful = from === to ? -1 : last.of(to);
      if (useful > invoked[i]!) changed = observe(from, useful) || changed;
    }
  }
  const lastOf = (value: Json | undefined): number => {
    const id = value === undefined ? undefined : values.find(value);
    return id === undefined ? -1 : last.of(id);
  };
  return {
    dead: DEAD,
    lastObserved: (value) => (value === DEAD ? -1 : lastOf(value)),
    lastUseful: (call) => lastOf(effectOf(call).installs),
  };
}

/** The last position at which a value is observed; -1 for never. Grows with the greatest id seen. */
class LastById {
  #last = new Int32Array(64).fill(-1);

  of(id: number): number {
    return id < this.#last.length ? this.#last[id]! : -1;
  }

  set(id: number, position: number): void {
    if (id >= this.#last.length) {
      const grown = new Int32Array(Math.max(this.#last.length * 2, id + 1)).fill(-1);
      grown.set(this.#last);
      this.#last = grown;
    }
    this.#last[id] = position;
  }
}

/** A cas argument, checked to be a pair when the history was admitted. */
export function casPair(input: Json): readonly [Json, Json] {
  const [from = null, to = null] = input as Json[];
  return [from, to];
}
