/**
 * A history of any size from a file or a pipe, straight into columns: the door for checkers of big
 * histories. It refuses what read.ts refuses, in the same words, but at the first fault in the file.
 * Memory is that of the columns and of one piece of text. O(length of the file).
 */

import type { Columns } from "./columns.js";
import type { ColumnsBuilder } from "./columns-builder.js";
import type { ColumnsReader } from "./columns-reader.js";
import { FormatDoor, type HistoryFormat } from "./format.js";
import { EdnColumns, JepsenLogColumns } from "./jepsen-columns.js";
import { JsonlColumns } from "./jsonl-columns.js";
import { type ReadOptions, unnumbered } from "./read.js";
import { at } from "./recording.js";
import { decoded, sourceName, textOf } from "./text-source.js";

export interface ColumnsResult {
  columns: Columns;
  format: HistoryFormat;
  /** What was put right while reading, one line each. */
  warnings: string[];
  /** The line, counted from 1, of the event at a position. */
  lineOf: (position: number) => number;
}

export interface LiveColumns extends ColumnsResult {
  /** False while the columns are those of a prefix; its open operations count as pending. */
  ended: boolean;
}

export interface LiveOptions extends ReadOptions {
  /** The writer pauses when nothing has come for so long: 20 ms when left out. */
  quietMs?: number;
  /** Without a pause, a snapshot is due after a quarter more events, but not fewer than so many: 1,000. */
  eventsMin?: number;
  /** What messages call the stream. */
  source?: string;
}

/**
 * Reads a file, or standard input when the path is `-`.
 * @throws UsageError in one line: what is wrong, in which line, what to do.
 */
export async function readColumns(path: string, options: ReadOptions = {}): Promise<ColumnsResult> {
  const file = sourceName(path);
  const door = columnsDoor(file, options);
  for await (const text of textOf(path, options)) door.push(text);
  return columnsBehind(door, file);
}

/** The columns of a text in memory. @throws UsageError as `readColumns`. */
export function readColumnsText(
  text: string,
  options: ReadOptions & { file: string },
): ColumnsResult {
  const door = columnsDoor(options.file, options);
  door.push(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return columnsBehind(door, options.file);
}

/**
 * A history while it is being written: a snapshot whenever the writer pauses or has written a good
 * deal more, and at last the whole. A snapshot shares its arrays with those that follow: it is to be
 * judged before the next one is asked for. None comes while events yet to come may change its
 * meaning (Jepsen's `[k v]` values, unless `keyed` says what they are).
 * @param stream bytes, such as those of `process.stdin`; destroyed when the caller stops early.
 * @throws UsageError, from the iterator, as `readColumns`.
 */
export async function* liveColumns(
  stream: AsyncIterable<Uint8Array> & { destroy?: () => unknown },
  options: LiveOptions = {},
): AsyncGenerator<LiveColumns, void> {
  const { quietMs = 20, eventsMin = 1000, source = sourceName("-") } = options;
  const door = columnsDoor(source, options);
  const texts = decoded(stream, source, options);
  const ask = () => {
    const next = texts.next();
    // Its failure is told where it is awaited; when we stop before that, to nobody.
    next.catch(() => undefined);
    return next;
  };
  let told = 0;
  let ended = false;
  try {
    for (let next = ask(); ; ) {
      const { reader } = door;
      const count = reader?.builder.eventCount ?? 0;
      if (reader?.settled && count > told) {
        const isDue = count - told >= Math.max(eventsMin, told / 4);
        if (isDue || (await isQuiet(next, quietMs))) {
          told = count;
          yield { ...resultOf(door.format!, reader, []), ended };
        }
      }
      const { done, value } = await next;
      if (done) break;
      next = ask();
      door.push(value);
    }
    ended = true;
  } finally {
    if (!ended) stream.destroy?.();
  }
  yield { ...columnsBehind(door, source), ended };
}

/** Whether a promise is still open after a while. */
async function isQuiet(next: Promise<unknown>, quietMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, quietMs, true);
  });
  const arrived = () => false;
  try {
    return await Promise.race([next.then(arrived, arrived), quiet]);
  } finally {
    clearTimeout(timer);
  }
}

function columnsDoor(file: string, options: ReadOptions): FormatDoor<ColumnsReader> {
  const open = (format: HistoryFormat) => columnsReader(format, file, options);
  return new FormatDoor<ColumnsReader>(file, options.format, open);
}

export function columnsReader(
  format: HistoryFormat,
  file: string,
  { keyed = "auto", allowTruncated }: ReadOptions,
): ColumnsReader {
  if (format === "jsonl") return new JsonlColumns(file, { allowTruncated });
  const options = { source: file, keyed, allowTruncated };
  return format === "edn" ? new EdnColumns(options) : new JepsenLogColumns(options);
}

function columnsBehind(door: FormatDoor<ColumnsReader>, file: string): ColumnsResult {
  const { format, reader } = door.end();
  const warnings = reader.end();
  if (reader.builder.eventCount === 0) door.refuseNone();
  warnings.push(...callerWarnings(file, reader));
  return resultOf(format, reader, warnings);
}

/** A warning when a named process invokes. @throws UsageError when no client is left. */
export function callerWarnings(file: string, { builder, lineOf }: Callers): string[] {
  const caller = builder.invokingObserver;
  if (caller === undefined) return [];
  return [unnumbered(at(file, lineOf(caller.position)), caller.process, builder.size)];
}

interface Callers {
  builder: Pick<ColumnsBuilder, "invokingObserver" | "size">;
  lineOf: (position: number) => number;
}

export function resultOf(
  format: HistoryFormat,
  { builder, lineOf }: ColumnsReader,
  warnings: string[],
): ColumnsResult {
  return { columns: builder.snapshot(), format, warnings, lineOf };
}
