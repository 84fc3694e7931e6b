/**
 * Maelstrom's `lin-kv`: a linearizable key-value store with compare-and-set. Keys are integers on
 * the wire, and written values are unique, so that every read names its write.
 */

import { linearizable } from "../../checkers/index.js";
import {
  completeRegister,
  finalReads,
  invokeRegister,
  planRegisters,
  refusedRegister,
} from "../register-family.js";
import type { Workload } from "../workload.js";

export const linKv: Workload = {
  name: "lin-kv",
  summary: "Maelstrom: a linearizable key-value store with compare-and-set",
  requires: ["read", "write", "cas"],
  readOnly: ["read"],
  plan: (scope) =>
    planRegisters(scope, {
      keys: [0, 1, 2],
      weights: [
        ["read", 4],
        ["write", 3],
        ["cas", 3],
      ],
    }),
  finals: finalReads,
  invoke: invokeRegister,
  complete: completeRegister,
  refused: refusedRegister,
  checkers: () => [linearizable({ type: "kv" })],
};
