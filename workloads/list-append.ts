/** Transactions that read lists and append to them: the reads alone tell the order of the appends. */

import { isolationAsPromised, transactionsWorkload } from "./transactions.js";

export const listAppend = transactionsWorkload({
  name: "list-append",
  summary: "transactions of reads and appends on lists",
  write: "append",
  checkers: isolationAsPromised,
});
