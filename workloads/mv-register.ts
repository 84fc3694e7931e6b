/**
 * Registers that keep concurrent writes side by side: a read returns the values of all of them, and
 * an acknowledged write says which values it has replaced (as Dynamo's and Riak's contexts do).
 */

import { convergence, mvRegister as mvRegisterChecker } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { expectType, type Workload } from "./workload.js";

const KEYS = 3;

const mixable: Mixable = { usual: () => ({ read: 2, write: 3 }), needed: ["read", "write"] };

export const mvRegister: Workload = {
  name: "mv-register",
  summary: "writes that replace what they have seen, and reads of all values that nobody replaced",
  requires: ["read", "write"],
  readOnly: ["read"],
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) => {
      const f = next();
      return { f, key: `k${scope.random.int(KEYS)}`, value: f === "write" ? i + 1 : null };
    });
  },
  finals: (drafts) => {
    const keys = [...new Set(drafts.map(({ key }) => String(key)))].sort();
    return keys.map((key) => ({ f: "read", key, value: null }));
  },
  invoke: ({ f, key = "", value }) => ({
    value,
    body: f === "read" ? { type: "read", key } : { type: "write", key, value },
  }),
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    const values = listField(reply, f === "read" ? "value" : "replaced");
    return f === "read" ? [...values].sort(byNumber) : { value, replaced: values };
  },
  checkers: () => [mvRegisterChecker, convergence],
};

/** Siblings have no order: written values are numbers, which sorts them. */
export function byNumber(left: unknown, right: unknown): number {
  return Number(left) - Number(right);
}
