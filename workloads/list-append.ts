/** Transactions that read lists and append to them: the reads alone tell the order of the appends. */

import { recordedOnly } from "./maelstrom/recorded-only.js";
import { transactionsWorkload } from "./transactions.js";

export const listAppend = transactionsWorkload({
  name: "list-append",
  summary: "transactions of reads and appends on lists",
  write: "append",
  checkers: () => [recordedOnly],
});
