/**
 * A set whose few elements are added and removed again and again, by everybody. An acknowledged add
 * says which tag it got, an acknowledged remove which tags it took away: then it is known of every
 * pair of them whether the remove had seen the add.
 */

import { convergence, orSet as orSetChecker } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { expectType, field, type Workload } from "./workload.js";

const KEY = "set";
const ELEMENTS = 8;

const mixable: Mixable = {
  usual: () => ({ read: 3, remove: 3, add: 4 }),
  needed: ["read", "add", "remove"],
};

export const orSet: Workload = {
  name: "or-set",
  summary: "a set of few elements, added and removed again and again; a concurrent add wins",
  requires: ["add", "remove", "read"],
  readOnly: ["read"],
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, () => {
      const f = next();
      return { f, key: KEY, value: f === "read" ? null : `e${scope.random.int(ELEMENTS)}` };
    });
  },
  finals: () => [{ f: "read", key: KEY, value: null }],
  invoke: ({ f, value }) => ({
    value,
    body: f === "read" ? { type: f, key: KEY } : { type: f, key: KEY, element: value },
  }),
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "read") return field(reply, "value");
    const name = f === "add" ? "tag" : "tags";
    return { element: value, [name]: field(reply, name) };
  },
  checkers: () => [orSetChecker, convergence],
};
