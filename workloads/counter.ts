/** A counter: clients add to it and read it; the final sum must be one that the adds can reach. */

import { convergence, counter as counterAccounting } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { expectType, field, type Workload } from "./workload.js";

const KEY = "counter";

const mixable: Mixable = { usual: () => ({ read: 2, add: 3 }), needed: ["read", "add"] };

export const counter: Workload = {
  name: "counter",
  summary: "a counter: increments and reads",
  requires: ["add", "read"],
  readOnly: ["read"],
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, () =>
      next() === "read"
        ? { f: "read", key: KEY, value: null }
        : { f: "add", key: KEY, value: scope.random.between(1, 5) },
    );
  },
  finals: () => [{ f: "read", key: KEY, value: null }],
  invoke: ({ f, value }) =>
    f === "read"
      ? { value, body: { type: "read", key: KEY } }
      : { value, body: { type: "add", key: KEY, delta: value } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? field(reply, "value") : value;
  },
  checkers: () => [counterAccounting, convergence],
};
