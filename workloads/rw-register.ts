/** Transactions that read and write registers: the order of the writes has to be inferred. */

import { isolationAsPromised, transactionsWorkload } from "./transactions.js";

export const rwRegister = transactionsWorkload({
  name: "rw-register",
  summary: "transactions of reads and writes on registers",
  write: "w",
  checkers: isolationAsPromised,
});
