/** Maelstrom's `g-set`: a set that only grows; acknowledged elements are everywhere in the end. */

import { convergence, set } from "../../checkers/index.js";
import { expectType, type Workload } from "../workload.js";
import { listField } from "./replies.js";

export const gSet: Workload = {
  name: "g-set",
  summary: "Maelstrom: a grow-only set, eventually the same everywhere",
  requires: ["add", "read"],
  readOnly: ["read"],
  settleMs: 10_000,
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, (_, i) =>
      random.chance(1, 2) ? { f: "read", value: null } : { f: "add", value: i },
    ),
  finals: () => [{ f: "read", value: null }],
  invoke: ({ f, value }) =>
    f === "read" ? { value, body: { type: "read" } } : { value, body: { type: f, element: value } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? listField(reply, "value") : value;
  },
  checkers: () => [set, convergence],
};
