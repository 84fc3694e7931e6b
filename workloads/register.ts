/** One register that all clients share: the densest conflicts. */

import { linearizable } from "../checkers/index.js";
import { asPromised, registerWorkload } from "./register-family.js";

export const register = registerWorkload({
  name: "register",
  summary: "one register: reads, writes and, where the service offers it, compare-and-set",
  keys: ["r"],
  requires: ["read", "write"],
  unseen: null,
  checkers: (service) => {
    const type = service.operations.includes("cas") ? "cas-register" : "register";
    return asPromised(service, linearizable({ type }));
  },
});
