/** A small key-value store under contention: reads, writes and compare-and-sets on a few keys. */

import { linearizable } from "../checkers/index.js";
import { asPromised, registerWorkload } from "./register-family.js";

export const kv = registerWorkload({
  name: "kv",
  summary: "several keys: reads, writes and, where the service offers it, compare-and-set",
  keys: ["x", "y", "z"],
  requires: ["read", "write"],
  unseen: null,
  checkers: (service) => asPromised(service, linearizable({ type: "kv" })),
});
