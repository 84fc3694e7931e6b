/**
 * Registers with siblings whose clients say what they have read (Dynamo's contexts): a client's write
 * replaces the values that it was last shown, and no others.
 *
 * Requests: `{type: "read", key}` -> `{type: "read_ok", values, context}`; `{type: "write", key, value,
 * context}` -> `{type: "write_ok", values, context}`, what there is after it. The context is the store's
 * own affair: clients send back what they got last. The history has what a write replaces by what its
 * client had been shown, which no store has a say in.
 */

import { listField } from "./maelstrom/replies.js";
import { byNumber, mvRegister } from "./mv-register.js";
import { expectType, field, type Workload } from "./workload.js";

export const siblings: Workload = {
  ...mvRegister,
  name: "siblings",
  summary: "writes that replace what their client has read; all others stay side by side",
  invoke: ({ f, key = "", value }, memory) =>
    f === "read"
      ? { value, body: { type: f, key } }
      : { value, body: { type: f, key, value, context: memory.get(contextOf(key)) ?? null } },
  complete: ({ f, key = "" }, value, reply, memory) => {
    expectType(reply, `${f}_ok`);
    const values = [...listField(reply, "values")].sort(byNumber);
    const replaced = memory.get(key) ?? [];
    memory.set(contextOf(key), field(reply, "context"));
    memory.set(key, values);
    return f === "read" ? values : { value, replaced };
  },
};

function contextOf(key: string | number): string {
  return `context of ${key}`;
}
