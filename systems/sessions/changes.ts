/** Changes to a memory of keys: what each does, and what its session is told. */

import type { Json, JsonObject } from "../../src/base/json.js";
import { jsonEquals } from "../../src/base/json.js";
import { errorCodes } from "../../src/hosts/ts/node.js";

export type Change =
  | { f: "write"; key: string; value: Json }
  /** The old value is the answer. */
  | { f: "swap"; key: string; value: Json }
  /** `from` null: only where there is no such key. */
  | { f: "cas"; key: string; from: Json; to: Json }
  /** Changes nothing; its place in an order is what counts. */
  | { f: "fence" };

/** The change that a request asks for; undefined when it is none. */
export function changeOf(body: JsonObject): Change | undefined {
  const key = String(body["key"]);
  switch (body["type"]) {
    case "write":
      return { f: "write", key, value: body["value"] ?? null };
    case "swap":
      return { f: "swap", key, value: body["value"] ?? null };
    case "cas":
      return { f: "cas", key, from: body["from"] ?? null, to: body["to"] ?? null };
    case "fence":
      return { f: "fence" };
    default:
      return undefined;
  }
}

/** Makes the change; the reply. O(1). */
export function make(change: Change, values: Map<string, Json>): JsonObject {
  if (change.f === "fence") return { type: "fence_ok" };
  const { key } = change;
  const old = values.get(key);
  if (change.f === "cas") {
    if (old === undefined && change.from !== null) {
      return { type: "error", code: errorCodes.keyDoesNotExist, text: `no key ${key}` };
    }
    if (!jsonEquals(old ?? null, change.from)) {
      const text = `${key} is ${JSON.stringify(old)}`;
      return { type: "error", code: errorCodes.preconditionFailed, text };
    }
    values.set(key, change.to);
    return { type: "cas_ok" };
  }
  values.set(key, change.value);
  return change.f === "write" ? { type: "write_ok" } : { type: "swap_ok", value: old ?? null };
}
