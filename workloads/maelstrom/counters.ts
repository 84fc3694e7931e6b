/**
 * Maelstrom's `g-counter` and `pn-counter`: clients add deltas; in the end every node must read a
 * sum that the adds can reach. The grow-only one is never asked to add a negative delta.
 */

import { convergence, counter } from "../../checkers/index.js";
import { chooser, type Mixable } from "../mix.js";
import { expectType, type Workload } from "../workload.js";
import { integerField } from "./replies.js";

const mixable: Mixable = { usual: () => ({ read: 1, add: 1 }), needed: ["read", "add"] };

export const gCounter = counterWorkload("g-counter", "a grow-only counter", 0);
export const pnCounter = counterWorkload("pn-counter", "a counter that goes up and down", -5);

function counterWorkload(name: string, what: string, deltaMin: number): Workload {
  return {
    name,
    summary: `Maelstrom: ${what}, eventually the same everywhere`,
    requires: ["add", "read"],
    readOnly: ["read"],
    settleMs: 10_000,
    mixable,
    plan: (scope) => {
      const next = chooser(scope, mixable);
      return Array.from({ length: scope.operations }, () =>
        next() === "read"
          ? { f: "read", value: null }
          : { f: "add", value: scope.random.between(deltaMin, 4) },
      );
    },
    finals: () => [{ f: "read", value: null }],
    invoke: ({ f, value }) =>
      f === "read" ? { value, body: { type: "read" } } : { value, body: { type: f, delta: value } },
    complete: ({ f }, value, reply) => {
      expectType(reply, `${f}_ok`);
      return f === "read" ? integerField(reply, "value") : value;
    },
    checkers: () => [counter, convergence],
  };
}
