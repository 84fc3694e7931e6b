/** The steps of a litmus test on the wire, and what a client remembers of them. */

import type { Json, JsonObject } from "../../src/base/json.js";
import {
  type DraftedOperation,
  expectType,
  field,
  type Invocation,
  type Memory,
} from "../workload.js";

export function invoke({ f, key = "", value }: DraftedOperation, memory: Memory): Invocation {
  if (f === "fence") return { value: null, body: { type: "fence" } };
  if (f === "read") return { value: null, body: { type: "read", key } };
  if (f === "write") {
    const written = resolve(value, memory);
    return { value: written, body: { type: "write", key, value: written } };
  }
  const parts = value as JsonObject;
  if (f === "swap") {
    const written = resolve(parts["value"] as Json, memory);
    return { value: written, body: { type: "swap", key, value: written } };
  }
  const from = resolve(parts["from"] as Json, memory);
  const to = resolve(parts["to"] as Json, memory);
  return { value: [from, to], body: { type: "cas", key, from, to } };
}

/** A constant, or the result of an earlier step: the location's first value when it is not known. */
function resolve(source: Json, memory: Memory): Json {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return source;
  return memory.get(`${source["of"]}/${source["step"]}`) ?? (source["else"] as Json);
}

export function complete(
  { f, key, value: planned }: DraftedOperation,
  value: Json,
  reply: JsonObject,
  memory: Memory,
): Json {
  expectType(reply, `${f}_ok`);
  if (f === "fence" || f === "write") return value;
  const result = f === "cas" ? (value as [Json, Json])[0] : field(reply, "value");
  memory.set(`${key}/${(planned as JsonObject)["step"]}`, result);
  return f === "cas" ? value : result;
}
