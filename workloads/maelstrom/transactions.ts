/**
 * Maelstrom's `txn-list-append` and `txn-rw-register`: transactions of one to four micro-operations
 * over a few keys. Values written to a key are unique. The history is recorded, not judged.
 */

import type { Json } from "../../src/base/json.js";
import { expectType, type OperationDraft, type Workload } from "../workload.js";
import { recordedOnly } from "./recorded-only.js";
import { listField } from "./replies.js";

export const txnListAppend = transactions("txn-list-append", "append", "append to lists");
export const txnRwRegister = transactions("txn-rw-register", "w", "write registers");

const KEYS = 5;
const MICRO_OPERATIONS_MAX = 4;

function transactions(name: string, write: string, what: string): Workload {
  return {
    name,
    summary: `Maelstrom: transactions that read and ${what}; recorded, not judged`,
    requires: ["txn"],
    readOnly: [],
    plan: ({ random, operations }) => {
      let value = 0;
      const micro = (): Json => {
        const key = random.int(KEYS);
        return random.chance(1, 2) ? ["r", key, null] : [write, key, ++value];
      };
      return Array.from({ length: operations }, () => ({
        f: "txn",
        value: Array.from({ length: random.between(1, MICRO_OPERATIONS_MAX) }, micro),
      }));
    },
    finals: (): OperationDraft[] => [
      { f: "txn", value: Array.from({ length: KEYS }, (_, key) => ["r", key, null]) },
    ],
    invoke: ({ value }) => ({ value, body: { type: "txn", txn: value } }),
    complete: (_draft, _value, reply) => {
      expectType(reply, "txn_ok");
      return listField(reply, "txn");
    },
    checkers: () => [recordedOnly],
  };
}
