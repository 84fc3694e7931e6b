/** Histories: the type, the formats they are recorded in, and how a file becomes one. */

export { formatEdn, readEdn } from "./edn.js";
export type { EventType, History, HistoryEvent, Operation } from "./history.js";
export { readJepsenLog } from "./jepsen-log.js";
export { formatEvent, formatJsonl, jsonlReader, readJsonl } from "./jsonl.js";
export { type PairingOptions, toHistory } from "./pairing.js";
export {
  FORMATS,
  type HistoryFormat,
  type ReadOptions,
  type ReadResult,
  readHistoryFile,
  readHistoryText,
} from "./read.js";
export type { Recording } from "./recording.js";
export { checkEvent, historyEventSchema } from "./schema.js";
export type { Keyed } from "./tuples.js";
