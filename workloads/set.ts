/** A set: clients add (and remove) elements and read the whole; every acknowledged add must stay. */

import { convergence, setAccounting, set as strictSet } from "../checkers/index.js";
import { chooser, type Mix, type Mixable } from "./mix.js";
import { expectType, field, type Workload } from "./workload.js";

const KEY = "set";

/** Replicas that lag remove what they have seen, and a concurrent add wins. */
const observedRemoves = setAccounting({
  name: "set",
  summary: strictSet.summary,
  add: "add",
  remove: "remove",
  removes: "observed",
  read: "read",
});

const mixable: Mixable = {
  usual: ({ service }): Mix =>
    service.operations.includes("remove") ? { read: 4, remove: 1, add: 5 } : { read: 4, add: 6 },
  needed: ["read", "add"],
};

export const set: Workload = {
  name: "set",
  summary: "a set: unique elements added, some removed, whole-set reads",
  requires: ["add", "read"],
  readOnly: ["read"],
  mixable,
  plan: (scope) => {
    const { random, operations } = scope;
    const next = chooser(scope, mixable);
    const removable: number[] = [];
    return Array.from({ length: operations }, (_, i) => {
      const f = next();
      if (f === "read") return { f, key: KEY, value: null };
      // What is to be removed must have been added before.
      if (f === "remove" && removable.length > 0) {
        return { f, key: KEY, value: random.pick(removable) };
      }
      removable.push(i);
      return { f: "add", key: KEY, value: i };
    });
  },
  finals: () => [{ f: "read", key: KEY, value: null }],
  invoke: ({ f, value }) =>
    f === "read"
      ? { value, body: { type: "read", key: KEY } }
      : { value, body: { type: f, key: KEY, element: value } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    return f === "read" ? field(reply, "value") : value;
  },
  checkers: ({ consistency }) => [
    consistency === "linearizable" ? strictSet : observedRemoves,
    convergence,
  ],
};
