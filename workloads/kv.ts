/** A small key-value store under contention: reads, writes and compare-and-sets on a few keys. */

import { convergence, linearizable } from "../checkers/index.js";
import {
  completeRegister,
  finalReads,
  invokeRegister,
  planRegisters,
  refusedRegister,
} from "./register-family.js";
import type { Workload } from "./workload.js";

export const kv: Workload = {
  name: "kv",
  summary: "several keys: reads, writes and, where the service offers it, compare-and-set",
  requires: ["read", "write"],
  readOnly: ["read"],
  plan: (scope) =>
    planRegisters(scope, {
      keys: ["x", "y", "z"],
      weights: [
        ["read", 4],
        ["write", 3],
        ["cas", 2],
      ],
    }),
  finals: finalReads,
  invoke: invokeRegister,
  complete: completeRegister,
  refused: refusedRegister,
  checkers: (service) =>
    service.consistency === "linearizable"
      ? [linearizable({ type: "kv" }), convergence]
      : [convergence],
};
