/** A small key-value store under contention: reads, writes and compare-and-sets on a few keys. */

import { convergence, linearizable } from "../checkers/index.js";
import { registerWorkload } from "./register-family.js";

export const kv = registerWorkload({
  name: "kv",
  summary: "several keys: reads, writes and, where the service offers it, compare-and-set",
  keys: ["x", "y", "z"],
  requires: ["read", "write"],
  unseen: null,
  checkers: ({ consistency }) =>
    consistency === "linearizable" ? [linearizable({ type: "kv" }), convergence] : [convergence],
});
