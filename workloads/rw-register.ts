/** Transactions that read and write registers: the order of the writes has to be inferred. */

import { recordedOnly } from "./maelstrom/recorded-only.js";
import { transactionsWorkload } from "./transactions.js";

export const rwRegister = transactionsWorkload({
  name: "rw-register",
  summary: "transactions of reads and writes on registers",
  write: "w",
  checkers: () => [recordedOnly],
});
