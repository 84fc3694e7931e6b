/** Maelstrom's `g-set`: a set that only grows; acknowledged elements are everywhere in the end. */

import { convergence, set } from "../../checkers/index.js";
import { chooser, type Mixable } from "../mix.js";
import { expectType, type Workload } from "../workload.js";
import { listField } from "./replies.js";

const mixable: Mixable = { usual: () => ({ read: 1, add: 1 }), needed: ["read", "add"] };

export const gSet: Workload = {
  name: "g-set",
  summary: "Maelstrom: a grow-only set, eventually the same everywhere",
  requires: ["add", "read"],
  readOnly: ["read"],
  settleMs: 10_000,
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) =>
      next() === "read" ? { f: "read", value: null } : { f: "add", value: i },
    );
  },
  finals: () => [{ f: "read", value: null }],
  invoke: ({ f, value }) =>
    f === "read" ? { value, body: { type: "read" } } : { value, body: { type: f, element: value } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? listField(reply, "value") : value;
  },
  checkers: () => [set, convergence],
};
