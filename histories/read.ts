/**
 * A history from a file, whatever its format: the door through which events come in. (The door for
 * histories too big to be objects is read-columns.ts.)
 */

import { UsageError } from "../src/base/errors.js";
import { EdnEvents } from "./edn.js";
import { FormatDoor, type HistoryFormat } from "./format.js";
import type { History } from "./history.js";
import { JepsenLogEvents } from "./jepsen-log.js";
import { JsonlEvents } from "./jsonl.js";
import { toHistory } from "./pairing.js";
import { at, type Recording, type TextReader } from "./recording.js";
import { sourceName, textOf } from "./text-source.js";
import type { TruncationOptions } from "./truncated.js";
import type { Keyed } from "./tuples.js";

export interface ReadOptions extends TruncationOptions {
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
  const door = eventsDoor(options);
  door.push(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return historyBehind(door, options.file);
}

/**
 * Reads a file, or standard input when the path is `-`.
 * @throws UsageError as `readHistoryText`, and for a path that cannot be read or is not UTF-8.
 */
export async function readHistoryFile(
  path: string,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const file = sourceName(path);
  const door = eventsDoor({ ...options, file });
  for await (const text of textOf(path, options)) door.push(text);
  return historyBehind(door, file);
}

type EventsDoor = FormatDoor<TextReader<Recording>>;

function eventsDoor(options: ReadOptions & { file: string }): EventsDoor {
  const { file, format, keyed = "auto", allowTruncated } = options;
  return new FormatDoor<TextReader<Recording>>(file, format, (known) => {
    if (known === "jsonl") return new JsonlEvents(file, options);
    const jepsen = { source: file, keyed, allowTruncated };
    return known === "edn" ? new EdnEvents(jepsen) : new JepsenLogEvents(jepsen);
  });
}

function historyBehind(door: EventsDoor, file: string): ReadResult {
  const { format, reader } = door.end();
  const { events, lineOf, warnings } = reader.end();
  if (events.length === 0) door.refuseNone();
  const history = toHistory(events, {
    source: file,
    lineOf,
    ...(format === "jsonl" ? {} : { warn: (message: string) => warnings.push(message) }),
  });
  const caller = history.observations.find(({ type }) => type === "invoke");
  if (caller !== undefined) {
    const where = at(file, lineOf(caller.index));
    warnings.push(unnumbered(where, caller.process, history.operations.length));
  }
  return { history, format, warnings };
}

/**
 * The warning about a named process that invokes.
 * @throws UsageError when no operation is left to be checked.
 */
export function unnumbered(where: string, process: number | string, operations: number): string {
  const reason = `${where}process ${JSON.stringify(process)} invokes, but named processes are nodes and nemeses, not clients`;
  if (operations === 0) throw new UsageError(`${reason}: number the clients`);
  return `${reason}: its operations are not checked`;
}
