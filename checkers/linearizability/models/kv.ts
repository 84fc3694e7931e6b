/**
 * One key of a key-value store: a register whose functions are also called get and put, and which
 * can append: the value is then the concatenation of strings. A key that was never written reads
 * null or "".
 */

import { canonical, type Json, jsonEquals } from "../../../src/base/json.js";
import type { Call, Foresight, Model, TimedCall } from "../model.js";
import {
  casPair,
  DEAD,
  effectOf,
  foreseeValueIds,
  named,
  statesRead,
  type Value,
  valueKey,
} from "./values.js";

export const kv: Model<Value> = {
  name: "kv",
  init: (init) => init,
  step(state, call) {
    const f = named(call.f);
    if (f === "write") return call.input;
    if (state === DEAD) return f === "append" ? DEAD : undefined;
    if (f === "append") return asText(state) + asText(call.input);
    if (f === "read") {
      const legal = statesRead(call.output);
      return legal.some((value) => jsonEquals(state, value)) ? state : undefined;
    }
    const [from, to] = casPair(call.input);
    return jsonEquals(state, from) ? to : undefined;
  },
  key: valueKey,
  role(call) {
    const f = named(call.f);
    if (f === "read") return "read";
    if (f === "write") return "overwrite";
    return f === "append" ? "blind" : "update";
  },
  label: ({ f, input, output }) =>
    named(f) === "read" ? `${f} ${valueKey(output)}` : `${named(f)} ${valueKey(input)}`,
  foreseeColumns(view, functions) {
    const append = functions.indexOf("append");
    return view.f.includes(append) ? undefined : foreseeValueIds(view, functions);
  },
  foresee: (calls) => foreseeTexts(calls),
};

/** Appends are only admitted among strings; see types.ts. */
function asText(value: Value): string {
  return typeof value === "string" ? value : "";
}

/**
 * With appends a text is still observable while an observation to come starts with it, and an
 * appended piece while one contains it. O(observed texts) per distinct state.
 */
function foreseeTexts(calls: readonly TimedCall[]): Foresight<Value> {
  const observed = new Map<string, { text: string; last: number }>();
  const observe = (value: Json, position: number): boolean => {
    const key = canonical(value);
    const entry = observed.get(key);
    if (entry !== undefined && entry.last >= position) return false;
    observed.set(key, { text: asText(value), last: position });
    return true;
  };
  const lastWhere = (matches: (text: string) => boolean): number => {
    let last = -1;
    for (const entry of observed.values()) {
      if (entry.last > last && matches(entry.text)) last = entry.last;
    }
    return last;
  };
  const lastStarting = (start: string): number => lastWhere((text) => text.startsWith(start));
  const lastUseful = (call: Call): number => {
    if (call.f === "append") {
      const piece = asText(call.input);
      return piece === "" ? -1 : lastWhere((text) => text.includes(piece));
    }
    const { installs } = effectOf(call);
    return installs === undefined ? -1 : lastStarting(asText(installs));
  };

  for (const call of calls) {
    if (call.pending) continue;
    for (const value of effectOf(call).observes ?? []) observe(value, call.completed);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const call of calls) {
      if (!call.pending) continue;
      const { observes = [] } = effectOf(call);
      const useful = observes.length === 0 ? -1 : lastUseful(call);
      if (useful <= call.invoked) continue;
      for (const value of observes) changed = observe(value, useful) || changed;
    }
  }
  return {
    dead: DEAD,
    lastObserved: (state) => (state === DEAD ? -1 : lastStarting(asText(state))),
    lastUseful,
  };
}
