/** A counter that goes up and down; the final sum must be one that the adds can reach. */

import { counter } from "./counter.js";
import { chooser, type Mixable } from "./mix.js";
import type { Workload } from "./workload.js";

const KEY = "counter";
const DELTA_MAX = 5;

const mixable: Mixable = { usual: () => ({ read: 1, add: 1 }), needed: ["read", "add"] };

export const pnCounter: Workload = {
  ...counter,
  name: "pn-counter",
  summary: "a counter: increments, decrements and reads",
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, () =>
      next() === "read"
        ? { f: "read", key: KEY, value: null }
        : { f: "add", key: KEY, value: scope.random.between(-DELTA_MAX, DELTA_MAX) },
    );
  },
};
