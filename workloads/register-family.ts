/**
 * What the register-like workloads share: reads, writes and compare-and-sets on keys, on the wire
 * and in the history. Written values are unique, so that every read names its write.
 */

import type { Json, JsonObject } from "../src/base/json.js";
import {
  expectType,
  field,
  type Invocation,
  type Memory,
  type OperationDraft,
  type WorkloadScope,
} from "./workload.js";

/** In a planned cas: what this client last saw of the key, known only when the plan runs. */
export const LAST_SEEN = "last-seen";

type Key = string | number;

export interface RegisterMix {
  keys: readonly Key[];
  /** Relative weights of the functions; those that the service lacks are left out. */
  weights: readonly (readonly [f: "read" | "write" | "cas", weight: number])[];
}

/** Random operations over the keys, the first keys more often than the last. */
export function planRegisters(scope: WorkloadScope, mix: RegisterMix): OperationDraft[] {
  const { random, service } = scope;
  const menu = mix.weights
    .filter(([f]) => service.operations.includes(f))
    .flatMap(([f, weight]) => new Array<"read" | "write" | "cas">(weight).fill(f));
  const drafts: OperationDraft[] = [];
  for (let i = 0; i < scope.operations; i++) {
    const f = random.pick(menu);
    const key = mix.keys[Math.min(random.int(mix.keys.length), random.int(mix.keys.length))] as Key;
    const value: Json = f === "read" ? null : f === "write" ? i + 1 : [LAST_SEEN, i + 1];
    drafts.push({ f, key, value });
  }
  return drafts;
}

export function finalReads(drafts: readonly OperationDraft[]): OperationDraft[] {
  const keys = [...new Set(drafts.map((draft) => draft.key as Key))].sort();
  return keys.map((key) => ({ f: "read", key, value: null }));
}

export function invokeRegister(draft: OperationDraft, memory: Memory): Invocation {
  const key = draft.key as Key;
  switch (draft.f) {
    case "read":
      return { value: null, body: { type: "read", key } };
    case "write":
      return { value: draft.value, body: { type: "write", key, value: draft.value } };
    default: {
      const [planned, to] = draft.value as [Json, Json];
      const from = planned === LAST_SEEN ? (memory.get(key) ?? null) : planned;
      return { value: [from, to], body: { type: "cas", key, from, to } };
    }
  }
}

/** A cas from null finds no key to compare: the services answer with error 20, which is definite. */
export function completeRegister(
  draft: OperationDraft,
  value: Json,
  reply: JsonObject,
  memory: Memory,
): Json {
  expectType(reply, `${draft.f}_ok`);
  const seen =
    draft.f === "read"
      ? field(reply, "value")
      : draft.f === "write"
        ? value
        : (value as [Json, Json])[1];
  memory.set(draft.key as Key, seen);
  return draft.f === "read" ? seen : value;
}

/** Error 20, no such key: a read found nothing, a cas did not happen. */
export function refusedRegister(
  draft: OperationDraft,
  code: number,
): { type: "ok" | "fail"; value: Json } | undefined {
  if (code !== 20) return undefined;
  return draft.f === "read" ? { type: "ok", value: null } : { type: "fail", value: draft.value };
}
