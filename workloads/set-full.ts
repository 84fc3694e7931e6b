/**
 * A set that only grows: unique elements added, the whole set read often, and every element followed
 * from its add to the end. The requests are those of the workload `set`.
 */

import { convergence, setFullWith } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { set } from "./set.js";
import type { Workload } from "./workload.js";

const KEY = "set";

const mixable: Mixable = { usual: () => ({ read: 1, add: 1 }), needed: ["read", "add"] };

export const setFull: Workload = {
  ...set,
  name: "set-full",
  summary: "a set that only grows: every element followed from its add to the end, with latencies",
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) =>
      next() === "read" ? { f: "read", key: KEY, value: null } : { f: "add", key: KEY, value: i },
    );
  },
  checkers: ({ consistency }) => [
    setFullWith({ linearizable: consistency === "linearizable" }),
    convergence,
  ],
};
