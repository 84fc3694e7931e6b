/**
 * The history file: JSON Lines, one event a line (docs/histories.md). Strict: the recorder is ours
 * or follows our format. Lines can come from anywhere, one at a time; writing then reading gives
 * the same events, fields that we do not know included.
 */

import { UsageError } from "../src/base/errors.js";
import { isJsonObject, type Json } from "../src/base/json.js";
import { isCutJson } from "./cut-json.js";
import { formatExact, parseExact } from "./exact-json.js";
import type { HistoryEvent } from "./history.js";
import { LineIndex, LineSplitter } from "./lines.js";
import { at, type Recording, type TextReader } from "./recording.js";
import { checkEvent } from "./schema.js";
import { readEnd, Truncated, type TruncationOptions } from "./truncated.js";

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
  "version",
] as const satisfies (keyof HistoryEvent)[];
const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/** Integers of the record itself; only payloads may turn into text (see exact-json.ts). */
const HEADER: ReadonlySet<string> = new Set(["index", "time", "process"]);

/** Where a line stands: what an observation without index and time takes for its own. */
export interface LineContext {
  source?: string | undefined;
  /** Counted from 1. */
  line: number;
  /** Events before it. */
  index: number;
  /** That of the event before, or 0. */
  time: number;
}

/**
 * The event of one line; undefined for a blank one.
 * @throws UsageError for a line that is no event.
 */
export function readLine(text: string, context: LineContext): HistoryEvent | undefined {
  if (text.trim() === "") return undefined;
  const where = at(context.source, context.line);
  const event = parseLine(text, where);
  if (isJsonObject(event) && typeof event["process"] === "string") {
    event["index"] ??= context.index;
    event["time"] ??= context.time;
  }
  checkEvent(event, where);
  return event;
}

/**
 * A reader to be called with one line after another; blank lines give undefined.
 * An observation may leave out index and time: they are filled in.
 * @throws UsageError from the reader, for a line that is no event.
 */
export function jsonlReader(source?: string): (line: string) => HistoryEvent | undefined {
  const context: LineContext = { source, line: 0, index: 0, time: 0 };
  return (text) => {
    context.line += 1;
    const event = readLine(text, context);
    if (event === undefined) return undefined;
    context.index += 1;
    context.time = event.time;
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
    const other = `not one JSON object on a line: ${error.message}`;
    if (!text.startsWith("{")) throw new UsageError(`${where}${other}`);
    const cut =
      "the line stops in the middle of an event: the file was cut short; remove the line or record again";
    const isCut = isCutJson(text);
    throw new Truncated(where, isCut ? cut : other, isCut);
  }
}

/** Collects the events of a file whose text comes in pieces. */
export class JsonlEvents implements TextReader<Recording> {
  readonly #events: HistoryEvent[] = [];
  readonly #lines = new LineIndex();
  readonly #splitter: LineSplitter;
  readonly #options: TruncationOptions;

  /** @throws UsageError, while reading, at the first bad line. */
  constructor(source?: string, options: TruncationOptions = {}) {
    this.#options = options;
    const read = jsonlReader(source);
    let line = 0;
    this.#splitter = new LineSplitter((text, start, end) => {
      line += 1;
      const event = read(text.slice(start, end));
      if (event === undefined) return;
      this.#lines.note(this.#events.length, line);
      this.#events.push(event);
    });
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  end(): Recording {
    const warnings = readEnd(() => this.#splitter.end(), this.#options);
    return { events: this.#events, lineOf: this.#lines.lineOf, warnings };
  }
}

/** Reads lines (without their line ends) into memory. @throws UsageError at the first bad line. */
export function readJsonl(lines: Iterable<string>, source?: string): Recording {
  const reader = new JsonlEvents(source);
  for (const line of lines) reader.push(`${line}\n`);
  return reader.end();
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
