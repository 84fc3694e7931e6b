/**
 * The history file: JSON Lines, one event a line (docs/histories.md). Strict: the recorder is ours
 * or follows our format. Lines can come from anywhere, one at a time; writing then reading gives
 * the same events, fields that we do not know included.
 */

import { UsageError } from "../src/base/errors.js";
import { isJsonObject, type Json } from "../src/base/json.js";
import { formatExact, parseExact } from "./exact-json.js";
import type { HistoryEvent } from "./history.js";
import { at, type Recording } from "./recording.js";
import { checkEvent } from "./schema.js";

/** The order in which fields are written; fields of the recorder's own follow. */
const FIELDS = [
  "index",
  "time",
  "process",
  "type",
  "f",
  "key",
  "value",
  "error",
  "final",
  "node",
] as const satisfies (keyof HistoryEvent)[];
const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/** Integers of the record itself; only payloads may turn into text (see exact-json.ts). */
const HEADER: ReadonlySet<string> = new Set(["index", "time", "process"]);

/**
 * A reader to be called with one line after another; blank lines give undefined.
 * An observation may leave out index and time: they are filled in.
 * @throws UsageError from the reader, for a line that is no event.
 */
export function jsonlReader(source?: string): (line: string) => HistoryEvent | undefined {
  let line = 0;
  let index = 0;
  let time = 0;
  return (text) => {
    line += 1;
    if (text.trim() === "") return undefined;
    const event = parseLine(text, at(source, line));
    if (isJsonObject(event) && typeof event["process"] === "string") {
      event["index"] ??= index;
      event["time"] ??= time;
    }
    checkEvent(event, at(source, line));
    index += 1;
    time = event.time;
    return event;
  };
}

function parseLine(text: string, where: string): Json {
  try {
    const { rounded, exact } = parseExact(text);
    if (rounded === exact || !isJsonObject(rounded) || !isJsonObject(exact)) return exact;
    const header = Object.entries(rounded).filter(([name]) => HEADER.has(name));
    return Object.assign(exact, Object.fromEntries(header));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (text.startsWith("{") && !text.trimEnd().endsWith("}")) {
      throw new UsageError(
        `${where}the line stops in the middle of an event: the file was cut short; remove the line or record again`,
      );
    }
    throw new UsageError(`${where}not one JSON object on a line: ${error.message}`);
  }
}

/** Reads lines (without their line ends) into memory. @throws UsageError at the first bad line. */
export function readJsonl(lines: Iterable<string>, source?: string): Recording {
  const read = jsonlReader(source);
  const events: HistoryEvent[] = [];
  const places: number[] = [];
  let line = 0;
  for (const text of lines) {
    line += 1;
    const event = read(text);
    if (event === undefined) continue;
    events.push(event);
    places.push(line);
  }
  return { events, lineOf: (position) => places[position]!, warnings: [] };
}

/** One event as a line, without its line end. */
export function formatEvent(event: HistoryEvent): string {
  const fields: { [name: string]: unknown } = { ...event };
  const notes = Object.keys(fields).filter((name) => !KNOWN.has(name));
  const written = [...FIELDS, ...notes].filter((name) => fields[name] !== undefined);
  // A time of wall nanoseconds is an integer however great: it gets no exponent.
  const format = (name: string) => (name === "time" ? JSON.stringify : formatExact)(fields[name]);
  return `{${written.map((name) => `${JSON.stringify(name)}:${format(name)}`).join(",")}}`;
}

/** The whole file, every line ended. */
export function formatJsonl(events: Iterable<HistoryEvent>): string {
  let text = "";
  for (const event of events) text += `${formatEvent(event)}\n`;
  return text;
}
