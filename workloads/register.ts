/** One register that all clients share: the densest conflicts. */

import { convergence, linearizable } from "../checkers/index.js";
import { registerWorkload } from "./register-family.js";

export const register = registerWorkload({
  name: "register",
  summary: "one register: reads, writes and, where the service offers it, compare-and-set",
  keys: ["r"],
  requires: ["read", "write"],
  unseen: null,
  checkers: ({ consistency, operations }) => {
    if (consistency !== "linearizable") return [convergence];
    const type = operations.includes("cas") ? "cas-register" : "register";
    return [linearizable({ type }), convergence];
  },
});
