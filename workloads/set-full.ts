/**
 * A set that only grows: unique elements added, the whole set read often, and every element followed
 * from its add to the end. The requests are those of the workload `set`.
 */

import { convergence, setFullWith } from "../checkers/index.js";
import { set } from "./set.js";
import type { Workload } from "./workload.js";

const KEY = "set";

export const setFull: Workload = {
  ...set,
  name: "set-full",
  summary: "a set that only grows: every element followed from its add to the end, with latencies",
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, (_, i) =>
      random.chance(1, 2) ? { f: "read", key: KEY, value: null } : { f: "add", key: KEY, value: i },
    ),
  checkers: ({ consistency }) => [
    setFullWith({ linearizable: consistency === "linearizable" }),
    convergence,
  ],
};
