/**
 * Jepsen's plain-text logs: `process  :type  :f  value`, alone on a line (history.txt) or after the
 * logger's prefix (jepsen.log), columns set apart by tabs or spaces.
 *
 * The value is EDN; a further column is the error. A completion that says `:timed-out` where its
 * value should be learned nothing: it has the value of its invocation, and `:timed-out` is its
 * error. Times are not read. Other lines of a log are passed over, but a line that starts like an
 * operation and stops is refused: passing over a completion would make it an unknown outcome.
 */

import type { EDNVal } from "edn-data";
import { UsageError } from "../src/base/errors.js";
import { assemble, type JepsenOptions, type RecordedEvent } from "./drafts.js";
import { type EdnForm, ednForms, type FormOptions } from "./edn-forms.js";
import { parseForm, toJson } from "./edn-values.js";
import { LineSplitter } from "./lines.js";
import { at, type Recording, type TextReader } from "./recording.js";
import { readEnd, Truncated } from "./truncated.js";

const PREFIX = String.raw`(?:.*\bjepsen\.util(?: -|:)\s*)?`;
const OPERATION = new RegExp(
  String.raw`^${PREFIX}(\d+|:[^\s:]+)\s+:(invoke|ok|fail|info)\s+:(\S+)(?:\s+(\S.*))?$`,
);
/** What must be an operation if it is anything: a client's number and then a keyword. */
const STARTED = new RegExp(String.raw`^${PREFIX}\d+\s+:|\bjepsen\.util(?: -|:)\s*\d+\s*$`);

/** The operations of a log, line by line. */
export class JepsenLogLines {
  readonly #options: JepsenOptions;
  readonly #take: (recorded: RecordedEvent) => void;
  readonly #splitter: LineSplitter;
  /** What each process invoked last, for completions that do not say it. */
  readonly #inputs = new Map<string, EDNVal>();
  #line = 0;

  constructor(options: JepsenOptions, take: (recorded: RecordedEvent) => void) {
    this.#options = options;
    this.#take = take;
    this.#splitter = new LineSplitter((text, start, end) => this.#read(text.slice(start, end)));
  }

  /** @throws UsageError with file and line for an operation that is cut short or malformed. */
  push(text: string): void {
    this.#splitter.push(text);
  }

  /** A warning when the last line has no line end. @throws UsageError as `push` does. */
  end(): string[] {
    let hasRest = false;
    const cut = readEnd(() => {
      hasRest = this.#splitter.end();
    }, this.#options);
    if (!hasRest) return cut;
    return [`${at(this.#options.source)}the last line has no line end: its value may be cut short`];
  }

  #read(untrimmed: string): void {
    const { source } = this.#options;
    const line = (this.#line += 1);
    const where = at(source, line);
    const text = untrimmed.trimEnd();
    const [, process, type, f, columns] = OPERATION.exec(text) ?? [];
    if (process === undefined) {
      if (STARTED.test(text)) {
        const needed = "an operation needs process, :type, :f and value";
        throw new Truncated(where, `${needed}: the line is cut short`);
      }
      return;
    }
    const client = process.startsWith(":") ? undefined : Number(process);
    const [first, error] = valuesOf(columns ?? "", client, { source, line });
    const unknown = type === "fail" || type === "info";
    const timedOut = unknown && client !== undefined && isKeyword(first, "timed-out");
    if (type === "invoke") this.#inputs.set(process, first);
    const reason = timedOut ? first : error;
    this.#take({
      line,
      client,
      process: client ?? process.slice(1),
      index: undefined,
      time: undefined,
      type,
      f,
      key: undefined,
      value: timedOut ? (this.#inputs.get(process) ?? null) : first,
      rest: reason === undefined ? [] : [["error", toJson(reason, where)]],
    });
  }
}

/** Collects the events of a log whose text comes in pieces. */
export class JepsenLogEvents implements TextReader<Recording> {
  readonly #options: JepsenOptions;
  readonly #recorded: RecordedEvent[] = [];
  readonly #lines: JepsenLogLines;

  constructor(options: JepsenOptions) {
    this.#options = options;
    this.#lines = new JepsenLogLines(options, (event) => this.#recorded.push(event));
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  end(): Recording {
    const cut = this.#lines.end();
    const recording = assemble(this.#recorded, this.#options);
    if (this.#recorded.length > 0) recording.warnings.push(...cut);
    return recording;
  }
}

/** @throws UsageError with file and line for an operation that is cut short or has a malformed value. */
export function readJepsenLog(text: string, options: JepsenOptions = {}): Recording {
  const reader = new JepsenLogEvents(options);
  reader.push(text);
  return reader.end();
}

/**
 * Value and error. What the nemesis did is told in plain words as often as in EDN, and so are
 * errors: what is no EDN is kept as it stands, except for the value of a client.
 */
function valuesOf(
  columns: string,
  client: number | undefined,
  options: FormOptions,
): [value: EDNVal, error?: EDNVal] {
  const where = at(options.source, options.line);
  const parse = (form: EdnForm) => parseForm(form.text, where);
  const all = attempt(() => [...ednForms(columns, options)].map(parse));
  if (client === undefined) return [all?.length === 1 ? all[0]! : columns];
  const first = ednForms(columns, options).next();
  if (first.done) throw new Truncated(where, "the value is missing: the line is cut short");
  const [error, ...more] = all?.slice(1) ?? [columns];
  if (error === undefined) return [parse(first.value)];
  return [parse(first.value), more.length === 0 ? error : [error, ...more]];
}

/** Undefined where EDN is malformed. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function isKeyword(value: EDNVal, name: string): boolean {
  return value !== null && typeof value === "object" && "key" in value && value.key === name;
}
