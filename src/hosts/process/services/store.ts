/**
 * What the key-value services have in common: one immutable map, and a request's effect on it.
 * Immutable, because a sequential store keeps many past states. Update O(keys).
 */

import { canonical, type Json, type JsonObject, jsonEquals } from "../../../base/json.js";
import { notSupported, serviceError } from "./service.js";

export type Store = ReadonlyMap<string, Json>;

export interface Step {
  /** The very same map when nothing was written. */
  store: Store;
  reply: JsonObject;
  /** The key written, in its canonical text. */
  wrote?: string;
}

/** Reads, writes or compares-and-sets one key; keys are any JSON value. */
export function step(store: Store, request: JsonObject): Step {
  const key = canonical(request["key"]);
  const held = store.get(key);
  switch (request["type"]) {
    case "read":
      return { store, reply: held === undefined ? noSuchKey() : { type: "read_ok", value: held } };
    case "write":
      return put(store, key, request["value"], { type: "write_ok" });
    case "cas": {
      if (held === undefined) {
        if (request["create_if_not_exists"] !== true) return { store, reply: noSuchKey() };
      } else if (!jsonEquals(held, request["from"])) {
        const expected = `expected ${JSON.stringify(request["from"])}, found ${JSON.stringify(held)}`;
        return { store, reply: serviceError(22, expected) };
      }
      return put(store, key, request["to"], { type: "cas_ok" });
    }
    default:
      return { store, reply: notSupported(request) };
  }
}

function put(store: Store, key: string, value: Json | undefined, reply: JsonObject): Step {
  return { store: new Map(store).set(key, value ?? null), reply, wrote: key };
}

function noSuchKey(): JsonObject {
  return serviceError(20, "key does not exist");
}
