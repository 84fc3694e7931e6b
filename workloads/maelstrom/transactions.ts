/**
 * Maelstrom's `txn-list-append` and `txn-rw-register`: transactions of one to four micro-operations
 * over a few keys. Values written to a key are unique. The history is recorded, not judged.
 */

import { transactionsWorkload } from "../transactions.js";
import { recordedOnly } from "./recorded-only.js";

export const txnListAppend = transactionsWorkload({
  name: "txn-list-append",
  summary: "Maelstrom: transactions that read and append to lists; recorded, not judged",
  write: "append",
  checkers: () => [recordedOnly],
});

export const txnRwRegister = transactionsWorkload({
  name: "txn-rw-register",
  summary: "Maelstrom: transactions that read and write registers; recorded, not judged",
  write: "w",
  checkers: () => [recordedOnly],
});
