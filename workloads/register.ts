/** One register that all clients share: the densest conflicts, for services that offer reads and writes. */

import { convergence, linearizable } from "../checkers/index.js";
import {
  completeRegister,
  finalReads,
  invokeRegister,
  planRegisters,
  refusedRegister,
} from "./register-family.js";
import type { Workload } from "./workload.js";

export const register: Workload = {
  name: "register",
  summary: "one register: reads, writes and, where the service offers it, compare-and-set",
  requires: ["read", "write"],
  readOnly: ["read"],
  plan: (scope) =>
    planRegisters(scope, {
      keys: ["r"],
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
      ? [
          linearizable({ type: service.operations.includes("cas") ? "cas-register" : "register" }),
          convergence,
        ]
      : [convergence],
};
