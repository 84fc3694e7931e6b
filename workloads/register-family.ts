/**
 * What the register-like workloads share: reads, writes and compare-and-sets on keys, on the wire
 * and in the history. Written values are unique, so that every read names its write.
 */

import { type Checker, convergence, modelChecker, tolerated } from "../checkers/index.js";
import type { Json, JsonObject } from "../src/base/json.js";
import type { Service } from "../systems/system.js";
import { chooser, type Mixable } from "./mix.js";
import {
  expectType,
  field,
  type Invocation,
  type Memory,
  type OperationDraft,
  type Workload,
  type WorkloadScope,
} from "./workload.js";

/** In a planned cas: what this client last saw of the key, known only when the plan runs. */
const LAST_SEEN = "last-seen";

type Key = string | number;

interface RegisterOptions {
  name: string;
  summary: string;
  keys: readonly Key[];
  /** Functions that a service must offer; the others are left out where it lacks them. */
  requires: readonly string[];
  /** What a cas expects of a key that its client has not seen yet: null where that is allowed. */
  unseen: Json;
  checkers(service: Service): Checker[];
}

/** Linearizability where it is promised; where it is not, what became of it is noted all the same. */
export function asPromised({ consistency }: Service, checker: Checker): Checker[] {
  switch (consistency) {
    case "linearizable":
    case "strict-serializable":
      return [checker, convergence];
    case "eventual":
      return [convergence, tolerated(checker, "replicas agree in the end")];
    case "lossy":
      return [convergence, tolerated(checker, "acknowledged writes may be lost")];
    case "serializable":
    case "snapshot-isolation":
    case "read-committed":
      return [convergence, tolerated(checker, "reads may be from the past")];
    default:
      return [
        modelChecker(consistency),
        convergence,
        tolerated(checker, `${consistency} is promised`),
      ];
  }
}

const mixable: Mixable = {
  usual: ({ service }) => {
    const weights = { read: 4, write: 3, cas: 2 };
    return Object.fromEntries(
      Object.entries(weights).filter(([f]) => service.operations.includes(f)),
    );
  },
  needed: ["read", "write"],
};

/** A workload on registers: one, several, or Maelstrom's. */
export function registerWorkload(options: RegisterOptions): Workload {
  return {
    name: options.name,
    summary: options.summary,
    requires: options.requires,
    readOnly: ["read"],
    mixable,
    plan: (scope) => plan(scope, options.keys),
    finals,
    invoke: (draft, memory) => invoke(draft, memory, options.unseen),
    complete,
    refused,
    checkers: (service) => options.checkers(service),
  };
}

/** Random operations over the keys, the first keys more often than the last. */
function plan(scope: WorkloadScope, keys: readonly Key[]): OperationDraft[] {
  const { random } = scope;
  const next = chooser(scope, mixable);
  const drafts: OperationDraft[] = [];
  for (let i = 0; i < scope.operations; i++) {
    const f = next();
    const key = keys[Math.min(random.int(keys.length), random.int(keys.length))] as Key;
    const value: Json = f === "read" ? null : f === "write" ? i + 1 : [LAST_SEEN, i + 1];
    drafts.push({ f, key, value });
  }
  return drafts;
}

function finals(drafts: readonly OperationDraft[]): OperationDraft[] {
  const keys = [...new Set(drafts.map((draft) => draft.key as Key))].sort();
  return keys.map((key) => ({ f: "read", key, value: null }));
}

function invoke(draft: OperationDraft, memory: Memory, unseen: Json): Invocation {
  const key = draft.key as Key;
  switch (draft.f) {
    case "read":
      return { value: null, body: { type: "read", key } };
    case "write":
      return { value: draft.value, body: { type: "write", key, value: draft.value } };
    default: {
      const [planned, to] = draft.value as [Json, Json];
      const from = planned === LAST_SEEN ? (memory.get(key) ?? unseen) : planned;
      return { value: [from, to], body: { type: "cas", key, from, to } };
    }
  }
}

/** A cas from null finds no key to compare: the services answer with error 20, which is definite. */
function complete(draft: OperationDraft, value: Json, reply: JsonObject, memory: Memory): Json {
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
function refused(
  draft: OperationDraft,
  code: number,
): { type: "ok" | "fail"; value: Json } | undefined {
  if (code !== 20) return undefined;
  return draft.f === "read" ? { type: "ok", value: null } : { type: "fail", value: draft.value };
}
