/**
 * Maelstrom's `txn-list-append` and `txn-rw-register`: transactions of one to four micro-operations
 * over a few keys, judged by the consistency model that the program claims.
 */

import { modelName, models, transactional } from "../../checkers/index.js";
import { transactionOptions, transactionsWorkload } from "../transactions.js";
import type { Workload } from "../workload.js";

/** As Maelstrom has it by default. */
const CLAIMED = "strict-serializable";

const ofTransactions = [...models.values()].filter((model) => model.judgeTransactions);

const options: Workload["options"] = {
  ...transactionOptions,
  model: {
    summary: "the consistency model that the program claims",
    default: CLAIMED,
    values: ofTransactions.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  },
};

const checkers: Workload["checkers"] = (_service, { model }) => [
  transactional(modelName(String(model ?? CLAIMED))),
];

export const txnListAppend: Workload = {
  ...transactionsWorkload({
    name: "txn-list-append",
    summary: "Maelstrom: transactions that read and append to lists",
    write: "append",
    checkers,
  }),
  options,
};

export const txnRwRegister: Workload = {
  ...transactionsWorkload({
    name: "txn-rw-register",
    summary: "Maelstrom: transactions that read and write registers",
    write: "w",
    checkers,
  }),
  options,
};
