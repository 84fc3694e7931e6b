/**
 * Keys that come and go: reads, writes and deletes of a few of them. What was deleted must not be seen
 * again until somebody writes it anew.
 *
 * To whoever reads, a deleted key is one that nobody wrote, and so the history has a delete as a write
 * of null: every checker of reads and writes knows what to do with it.
 */

import { linearizable } from "../checkers/index.js";
import { chooser, type Mixable } from "./mix.js";
import { asPromised, registerWorkload } from "./register-family.js";
import { expectType, type Workload } from "./workload.js";

const KEYS = ["x", "y", "z"] as const;

const mixable: Mixable = {
  usual: () => ({ read: 4, write: 3, delete: 1 }),
  needed: ["read", "write"],
};

const registers = registerWorkload({
  name: "deletes",
  summary: "several keys: reads, writes and deletes; what was deleted stays away",
  keys: KEYS,
  requires: ["read", "write", "delete"],
  unseen: null,
  checkers: (service) => asPromised(service, linearizable({ type: "kv" })),
});

export const deletes: Workload = {
  ...registers,
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) => {
      const f = next();
      const key = scope.random.pick(KEYS);
      return f === "write"
        ? { f, key, value: i + 1 }
        : { f: f === "delete" ? "write" : f, key, value: null };
    });
  },
  invoke: (draft, memory) =>
    isDelete(draft)
      ? { value: null, body: { type: "delete", key: draft.key as string } }
      : registers.invoke(draft, memory),
  complete: (draft, value, reply, memory) => {
    if (!isDelete(draft)) return registers.complete(draft, value, reply, memory);
    expectType(reply, "delete_ok");
    return value;
  },
};

function isDelete({ f, value }: { f: string; value: unknown }): boolean {
  return f === "write" && value === null;
}
