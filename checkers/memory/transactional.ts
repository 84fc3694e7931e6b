/**
 * Histories of single writes and of reads of several keys at once, as transactions on registers.
 *
 * A `write` of a key is a transaction of its own, so is a `read`; a `get-transaction` has its reads as its
 * value, `[["r", key, value], …]`, as a transaction of Elle's has.
 */

import type { History, Operation } from "../../histories/history.js";
import { transactionsOf } from "../../histories/transactions-builder.js";
import type { Json } from "../../src/base/json.js";
import type { Checker } from "../checker.js";
import { causalConvergence } from "./causal/index.js";
import { judgeLifted } from "./lifted.js";

/** Transactional causal consistency: causal convergence, each transaction one step. */
export const transactionalCausal: Checker = {
  name: "causal-convergence",
  summary: "writes, and reads of several keys at once, under causal convergence",
  check: (history, options) =>
    judgeLifted(transactionsOf(asTransactions(history)), causalConvergence, options),
};

/** A checker of transactions, for histories of reads and writes as above. */
export function ofSingleWrites(checker: Checker): Checker {
  return {
    ...checker,
    check: (history, options) => checker.check(asTransactions(history), options),
  };
}

function asTransactions({ events, operations, observations }: History): History {
  return { events, observations, operations: operations.map(asTransaction) };
}

function asTransaction({ key, ...operation }: Operation): Operation {
  const { f, input, output } = operation;
  const micros = (value: Json): Json => {
    if (f === "write") return [["w", key ?? null, input]];
    return f === "read" ? [["r", key ?? null, value]] : value;
  };
  return { ...operation, f: "txn", input: micros(input), output: micros(output) };
}
