/**
 * Counters that only grow. Requests: `{type: "increment", key}`, answered by `{type: "increment_ok",
 * value}` with the new value and, where the service has one, the `timestamp` of the commit; and a
 * read, `{type: "txn", txn: [["r", key, null]]}`, answered by `txn_ok`. After Jepsen's monotonic test
 * of CockroachDB.
 */

import { type MonotonicOptions, monotonicWith } from "../checkers/index.js";
import type { Consistency } from "../systems/system.js";
import { integerField, listField, wrong } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { heldFrom, promises } from "./promises.js";
import { wholeNumber } from "./settings.js";
import { expectType, type OperationDraft, type Workload } from "./workload.js";

const specs = {
  counters: { summary: "counters in use", default: 2, range: [1, 1_000] },
} as const;

const mixable: Mixable = {
  usual: () => ({ increment: 3, read: 2 }),
  needed: ["increment", "read"],
};

export const monotonic: Workload = {
  name: "monotonic",
  summary: "counters that only grow: increments that return the new value, and reads",
  requires: ["increment", "read"],
  readOnly: ["read"],
  options: specs,
  mixable,
  plan: (scope) => {
    const { random, operations, options } = scope;
    const next = chooser(scope, mixable);
    const counters = wholeNumber(options, specs, "counters");
    return Array.from({ length: operations }, () => ({
      f: next(),
      key: `counter-${random.int(counters)}`,
      value: null,
    }));
  },
  finals: (drafts) => {
    const keys = [...new Set(drafts.map(({ key }) => String(key)))].sort();
    return keys.map((key): OperationDraft => ({ f: "read", key, value: null }));
  },
  invoke: ({ f, key = "", value }) =>
    f === "read"
      ? { value, body: { type: "txn", txn: [["r", key, null]] } }
      : { value, body: { type: "increment", key } },
  complete: ({ f }, _value, reply) => {
    if (f === "increment") {
      expectType(reply, "increment_ok");
      const value = integerField(reply, "value");
      return reply["timestamp"] === undefined
        ? value
        : { value, timestamp: integerField(reply, "timestamp") };
    }
    expectType(reply, "txn_ok");
    const [read] = listField(reply, "txn");
    if (!Array.isArray(read)) throw wrong(reply, "txn", "a list of one read");
    return read[2] ?? 0;
  },
  checkers: ({ consistency }) => [
    heldFrom("snapshot-isolation", consistency, monotonicWith({ order: orderOf(consistency) })),
  ],
};

/** Below strict serializability a transaction may be ordered before what its client saw last. */
function orderOf(consistency: Consistency): MonotonicOptions["order"] {
  return promises(consistency, "strict-serializable") ? "realtime" : "data";
}
