/**
 * Registers with siblings whose clients say what they have read (Dynamo's contexts): a client's write
 * replaces the values that it was last shown, and no others.
 *
 * Requests: `{type: "read", key}` -> `{type: "read_ok", values, context}`; `{type: "write", key, value,
 * context}` -> `{type: "write_ok", values, context}`, what there is after it. The context is the store's
 * own affair: clients send back what they got last. The history has what a write replaces by what its
 * client had been shown, which no store has a say in.
 */

import { convergence, mvRegister } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { expectType, field, type Workload } from "./workload.js";

const KEYS = 3;

const mixable: Mixable = { usual: () => ({ read: 2, write: 3 }), needed: ["read", "write"] };

export const siblings: Workload = {
  name: "siblings",
  summary: "writes that replace what their client has read; all others stay side by side",
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
  invoke: ({ f, key = "", value }, memory) =>
    f === "read"
      ? { value, body: { type: f, key } }
      : { value, body: { type: f, key, value, context: memory.get(contextOf(key)) ?? null } },
  complete: ({ f, key = "" }, value, reply, memory) => {
    expectType(reply, `${f}_ok`);
    const values = [...listField(reply, "values")].sort((a, b) => Number(a) - Number(b));
    const replaced = memory.get(key) ?? [];
    memory.set(contextOf(key), field(reply, "context"));
    memory.set(key, values);
    return f === "read" ? values : { value, replaced };
  },
  checkers: () => [mvRegister, convergence],
};

function contextOf(key: string | number): string {
  return `context of ${key}`;
}
