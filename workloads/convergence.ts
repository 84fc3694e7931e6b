/**
 * Writes in conflict, and what becomes of them: all sessions write a few keys at once, under whatever
 * faults there are, and in the end every key is read at every node.
 *
 * Judged by what must be true in the end: replicas agree, on something written, and no key is without
 * an acknowledged write (eventual); and where the service orders conflicting writes with causes first,
 * no final read misses a write, and replicas with the same updates are equal (strong convergence).
 * Sessions stay at their nodes unless `move` says otherwise, and are held to what the service promises
 * to such sessions.
 */

import { isSticky, nodeOf } from "./causal-sessions.js";
import { chooser, type Mixable } from "./mix.js";
import { registerWorkload } from "./register-family.js";
import { finalCheckers, sessionChecker, strongly } from "./session-promises.js";
import { wholeNumber } from "./settings.js";
import type { Workload } from "./workload.js";

const specs = {
  keys: { summary: "keys in use", default: 3, range: [1, 1_000] },
  move: {
    summary: "how many operations of a hundred go to another node than the session's home",
    default: 0,
    range: [0, 100],
  },
  writePercent: { summary: "how many operations of a hundred write", default: 70, range: [0, 100] },
} as const;

const mixable: Mixable = {
  usual: ({ options }) => {
    const writes = wholeNumber(options, specs, "writePercent");
    return { write: writes, read: 100 - writes };
  },
  needed: ["write", "read"],
  setting: "writePercent",
};

const registers = registerWorkload({
  name: "convergence",
  summary: "conflicting writes to a few keys, then final reads of every key at every node",
  keys: [],
  requires: ["read", "write"],
  unseen: null,
  checkers: () => [],
});

export const convergence: Workload = {
  ...registers,
  options: specs,
  placed: true,
  mixable,
  plan: (scope) => {
    const { random, clients, operations, options } = scope;
    const next = chooser(scope, mixable);
    const keys = wholeNumber(options, specs, "keys");
    const move = wholeNumber(options, specs, "move");
    return Array.from({ length: operations }, (_, i) => {
      const f = next();
      return {
        f,
        key: `k${random.int(keys)}`,
        value: f === "write" ? i + 1 : null,
        node: nodeOf(i % clients, move, random),
      };
    });
  },
  checkers: (service, options) => [
    sessionChecker(service, isSticky(options)),
    ...finalCheckers(service),
    strongly(service, isSticky(options)),
  ],
};
