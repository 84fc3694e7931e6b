/**
 * A history from a file, whatever its format: the one door through which `check` and its like take
 * recorded histories in, and the only file of this folder that reads anything.
 */

import { createReadStream } from "node:fs";
import { UsageError } from "../src/base/errors.js";
import { readEdn } from "./edn.js";
import type { History } from "./history.js";
import { isJepsenLogLine, readJepsenLog } from "./jepsen-log.js";
import { readJsonl } from "./jsonl.js";
import { toHistory } from "./pairing.js";
import { at, type Recording } from "./recording.js";
import type { Keyed } from "./tuples.js";

export const FORMATS = ["jsonl", "edn", "jepsen-log"] as const;
export type HistoryFormat = (typeof FORMATS)[number];

export interface ReadOptions {
  /** Found out from the name and the content when left out. */
  format?: HistoryFormat;
  /** For Jepsen's formats, whether `[k v]` values hold keys; "auto" when left out (tuples.ts). */
  keyed?: Keyed;
}

export interface ReadResult {
  history: History;
  format: HistoryFormat;
  /** What was put right while reading, one line each. */
  warnings: string[];
}

/**
 * @param options `file` names the text in messages, and its extension hints at the format.
 * @throws UsageError in one line: what is wrong, in which line, what to do.
 */
export function readHistoryText(text: string, options: ReadOptions & { file: string }): ReadResult {
  const { file } = options;
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body.trim() === "")
    throw new UsageError(`${file}: the file is empty: give a recorded history`);
  const format = options.format ?? formatOf(body, file);
  const recording = record(body, format, options);
  if (recording.events.length === 0) {
    throw new UsageError(`${file}: no event in the whole file: give a recorded history`);
  }

  const warnings = [...recording.warnings];
  const { events, lineOf } = recording;
  const history = toHistory(events, {
    source: file,
    lineOf,
    ...(format === "jsonl" ? {} : { warn: (message: string) => warnings.push(message) }),
  });
  const caller = history.observations.find(({ type }) => type === "invoke");
  if (caller !== undefined) {
    const reason = `${at(file, lineOf(caller.index))}process ${JSON.stringify(caller.process)} invokes, but named processes are nodes and nemeses, not clients`;
    if (history.operations.length === 0) {
      throw new UsageError(`${reason}: number the clients`);
    }
    warnings.push(`${reason}: its operations are not checked`);
  }
  return { history, format, warnings };
}

function record(
  text: string,
  format: HistoryFormat,
  options: ReadOptions & { file: string },
): Recording {
  const { file: source, keyed = "auto" } = options;
  if (format === "jsonl") return readJsonl(text.split("\n"), source);
  if (format === "edn") return readEdn(text, { source, keyed });
  return readJepsenLog(text, { source, keyed });
}

const EXTENSIONS: { [extension: string]: HistoryFormat } = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  edn: "edn",
};
const JSON_OBJECT = /^\s*\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)/;
const JSON_ARRAY = /^\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/;
/** A map, a vector or list of them, a tag or a comment. */
const EDN = /^[\s,]*(?:[;#]|\{|[[(][\s,]*(?:[;#{\])]))/;

/** JSON is unmistakable; what remains is Jepsen's, or else the name decides how it is refused. */
function formatOf(text: string, file: string): HistoryFormat {
  if (JSON_ARRAY.test(text)) {
    throw new UsageError(`${file}: a JSON array: write one event a line (jq -c '.[]' does)`);
  }
  if (JSON_OBJECT.test(text)) return "jsonl";
  const named = EXTENSIONS[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ""];
  if (named !== undefined) return named;
  if (EDN.test(text)) return "edn";
  if (text.split("\n").some(isJepsenLogLine)) return "jepsen-log";
  throw new UsageError(
    `${file}: not a history in a known format: give JSON Lines (.jsonl), Jepsen's EDN (.edn) or its log`,
  );
}

/**
 * Reads a file, or standard input when the path is `-`.
 * @throws UsageError as `readHistoryText`, and for a path that cannot be read or is not UTF-8.
 */
export async function readHistoryFile(
  path: string,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const file = path === "-" ? "standard input" : path;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  try {
    const chunks: AsyncIterable<Buffer> = path === "-" ? process.stdin : createReadStream(path);
    for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
    text += decoder.decode();
  } catch (error) {
    throw new UsageError(`${file}: ${unreadable(error as NodeJS.ErrnoException)}`);
  }
  return readHistoryText(text, { ...options, file });
}

function unreadable(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
      return "no such file: check the path";
    case "EISDIR":
      return "a directory, not a history: name the files in it";
    case "EACCES":
      return "no permission to read it";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "not UTF-8 text: unpack or convert it first";
    default:
      return error instanceof RangeError
        ? "too large to be held as one text: split it by key"
        : `cannot be read: ${error.message}`;
  }
}
