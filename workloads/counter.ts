/** A counter: clients add to it and read it; the final sum must be one that the adds can reach. */

import { convergence, counter as counterAccounting } from "../checkers/index.js";
import { expectType, field, type Workload } from "./workload.js";

const KEY = "counter";

export const counter: Workload = {
  name: "counter",
  summary: "a counter: increments and reads",
  requires: ["add", "read"],
  readOnly: ["read"],
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, () =>
      random.chance(2, 5)
        ? { f: "read", key: KEY, value: null }
        : { f: "add", key: KEY, value: random.between(1, 5) },
    ),
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
