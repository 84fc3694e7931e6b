/**
 * A register: read, write, and compare-and-set with value `[from, to]`.
 *
 * A cas that completed `ok` found `from` and left `to`. One that failed did not happen and is not
 * part of the search: that its failure tells "the value was not `from`" is true of a service that
 * fails only on a mismatch (Porcupine assumes it), but a `fail` may also be a refusal.
 */

import { jsonEquals } from "../../../src/base/json.js";
import type { Model } from "../model.js";
import { casPair, DEAD, foreseeValueIds, type Value, valueKey } from "./values.js";

export const register: Model<Value> = {
  name: "register",
  init: (init) => init,
  step(state, call) {
    if (call.f === "write") return call.input;
    if (state === DEAD) return undefined;
    if (call.f === "read") return jsonEquals(state, call.output) ? state : undefined;
    const [from, to] = casPair(call.input);
    return jsonEquals(state, from) ? to : undefined;
  },
  key: valueKey,
  role(call) {
    if (call.f === "read") return "read";
    return call.f === "write" ? "overwrite" : "update";
  },
  label: ({ f, input, output }) => `${f} ${valueKey(f === "read" ? output : input)}`,
  foreseeColumns: foreseeValueIds,
};
