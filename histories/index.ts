/** Histories: the type, the formats they are recorded in, and how a file becomes one. */

export type { PairingOptions } from "./chronology.js";
export { type Columns, columnsOf, operationAt } from "./columns.js";
export { ColumnsBuilder } from "./columns-builder.js";
export { formatEdn, readEdn } from "./edn.js";
export { FORMATS, type HistoryFormat } from "./format.js";
export type { EventType, History, HistoryEvent, Operation } from "./history.js";
export { readJepsenLog } from "./jepsen-log.js";
export { formatEvent, formatJsonl, jsonlReader, readJsonl } from "./jsonl.js";
export { toHistory } from "./pairing.js";
export {
  type ReadOptions,
  type ReadResult,
  readHistoryFile,
  readHistoryText,
} from "./read.js";
export {
  type ColumnsResult,
  type LiveColumns,
  type LiveOptions,
  liveColumns,
  readColumns,
  readColumnsText,
} from "./read-columns.js";
export {
  type Recorded,
  readRecorded,
  readRecordedText,
  type TransactionsResult,
} from "./read-recorded.js";
export type { Recording } from "./recording.js";
export { checkEvent, historyEventSchema } from "./schema.js";
export { eventsOfTransactions, microAt, microValue } from "./transaction-events.js";
export {
  microKinds,
  type TransactionService,
  type Transactions,
  UNKNOWN,
} from "./transactions.js";
export { TransactionsBuilder, transactionsOf } from "./transactions-builder.js";
export type { Keyed } from "./tuples.js";
