/**
 * Writes of many keys, and a look at how they travel: every change must come to rest. The reads and writes
 * are those of the other workloads of registers, judged by what is true in the end.
 */

import { replication as replicationChecker } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { registerWorkload } from "./register-family.js";
import { finalCheckers } from "./session-promises.js";
import type { Workload } from "./workload.js";

const KEYS = 20;

const mixable: Mixable = { usual: () => ({ read: 1, write: 1 }), needed: ["read", "write"] };

const registers = registerWorkload({
  name: "replication",
  summary: "writes of many keys, and how often leaders take each other's changes",
  keys: [],
  requires: ["read", "write"],
  unseen: null,
  checkers: (service) => [replicationChecker, ...finalCheckers(service)],
});

export const replication: Workload = {
  ...registers,
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) => {
      const f = next();
      const key = `k${scope.random.int(KEYS)}`;
      return { f, key, value: f === "write" ? i + 1 : null };
    });
  },
};
