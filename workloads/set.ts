/** A set: clients add (and remove) elements and read the whole; every acknowledged add must stay. */

import { convergence, setAccounting, set as strictSet } from "../checkers/index.js";
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

export const set: Workload = {
  name: "set",
  summary: "a set: unique elements added, some removed, whole-set reads",
  requires: ["add", "read"],
  readOnly: ["read"],
  plan: ({ random, operations, service }) => {
    const removable: number[] = [];
    return Array.from({ length: operations }, (_, i) => {
      const draw = random.int(10);
      if (draw < 4) return { f: "read", key: KEY, value: null };
      if (draw === 4 && removable.length > 0 && service.operations.includes("remove")) {
        return { f: "remove", key: KEY, value: random.pick(removable) };
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
