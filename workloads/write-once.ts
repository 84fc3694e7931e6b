/**
 * Every key is written once, and in the end every key is read by everybody: whatever was acknowledged
 * is there. No later write hides a loss, and none can be the excuse for one, so that a store is held to
 * its acknowledgements even where it does not say which of two writes of one key wins.
 */

import { chooser, type Mixable } from "./mix.js";
import { registerWorkload } from "./register-family.js";
import { finalCheckers, sessionChecker } from "./session-promises.js";
import type { OperationDraft, Workload } from "./workload.js";

const mixable: Mixable = { usual: () => ({ read: 3, write: 1 }), needed: ["read", "write"] };

const registers = registerWorkload({
  name: "write-once",
  summary: "each key is written once, by one client; what was acknowledged is there in the end",
  keys: [],
  requires: ["read", "write"],
  unseen: null,
  checkers: (service) => [sessionChecker(service, false), ...finalCheckers(service)],
});

export const writeOnce: Workload = {
  ...registers,
  mixable,
  plan: (scope) => {
    const { random, operations } = scope;
    const next = chooser(scope, mixable);
    let written = 0;
    // Mostly the last few keys are read: those that are being written.
    return Array.from({ length: operations }, (_, i): OperationDraft => {
      if (next() === "write") return { f: "write", key: `k${written++}`, value: i + 1 };
      const back = Math.min(random.int(written + 1), random.int(8));
      return { f: "read", key: `k${Math.max(0, written - 1 - back)}`, value: null };
    });
  },
};
