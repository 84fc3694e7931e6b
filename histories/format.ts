/**
 * Which format a text is in, found out from as little of its beginning as will do. JSON is
 * unmistakable; what remains is Jepsen's, or else the name decides how it is refused.
 */

import { UsageError } from "../src/base/errors.js";
import { at, type TextReader } from "./recording.js";

export const FORMATS = ["jsonl", "edn", "jepsen-log"] as const;
export type HistoryFormat = (typeof FORMATS)[number];

const EXTENSIONS: { [extension: string]: HistoryFormat } = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  edn: "edn",
};
const JSON_OBJECT = /^\s*\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)/;
const JSON_ARRAY = /^\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/;
/** What may still become one of the two. */
const JSON_BEGUN = /^\s*(?:\[\s*)?(?:\{\s*(?:"(?:[^"\\]|\\.)*(?:\\|"\s*)?)?)?$/;
/** A map, a vector or list of them, a tag or a comment. */
const EDN = /^[\s,]*(?:[;#]|\{|[[(][\s,]*(?:[;#{\])]))/;
const EDN_BEGUN = /^[\s,]*(?:[[(][\s,]*)?$/;

/**
 * The format of a text that begins so; undefined when more of it must be seen. What is neither JSON
 * nor EDN can only be a log, which may begin with lines of any kind.
 * @throws UsageError for a JSON array.
 */
function formatOf(head: string, file: string, isWhole: boolean): HistoryFormat | undefined {
  if (JSON_ARRAY.test(head)) {
    throw new UsageError(`${at(file)}a JSON array: write one event a line (jq -c '.[]' does)`);
  }
  if (JSON_OBJECT.test(head)) return "jsonl";
  if (!isWhole && JSON_BEGUN.test(head)) return undefined;
  const named = EXTENSIONS[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ""];
  if (named !== undefined) return named;
  if (EDN.test(head)) return "edn";
  return isWhole || !EDN_BEGUN.test(head) ? "jepsen-log" : undefined;
}

/** Holds back the beginning of a text until its format is known, then lets a reader of it read. */
export class FormatDoor<Reader extends TextReader<unknown>> {
  readonly #file: string;
  readonly #open: (format: HistoryFormat) => Reader;
  readonly #told: boolean;
  #format: HistoryFormat | undefined;
  #reader: Reader | undefined;
  #head = "";
  #blank = true;

  /** @param format that of the text, when it is known. */
  constructor(
    file: string,
    format: HistoryFormat | undefined,
    open: (format: HistoryFormat) => Reader,
  ) {
    this.#file = file;
    this.#told = format !== undefined;
    this.#format = format;
    this.#open = open;
  }

  /** Undefined while it is not known. */
  get format(): HistoryFormat | undefined {
    return this.#format;
  }

  /** Undefined while the format is not known. */
  get reader(): Reader | undefined {
    return this.#reader;
  }

  /** @throws UsageError for a JSON array, and as the reader does. */
  push(text: string): void {
    this.#blank &&= text.trim() === "";
    if (this.#reader !== undefined) {
      this.#reader.push(text);
      return;
    }
    this.#head += text;
    this.#format ??= formatOf(this.#head, this.#file, false);
    if (this.#format !== undefined) this.#begin(this.#format);
  }

  /** @throws UsageError as `push` does, and for an empty text. The reader is not told of the end. */
  end(): { format: HistoryFormat; reader: Reader } {
    if (this.#blank) {
      throw new UsageError(`${at(this.#file)}the file is empty: give a recorded history`);
    }
    this.#format ??= formatOf(this.#head, this.#file, true)!;
    return { format: this.#format, reader: this.#reader ?? this.#begin(this.#format) };
  }

  /** @throws UsageError, always: there was no event in the text. */
  refuseNone(): never {
    if (this.#told || this.#format !== "jepsen-log") {
      throw new UsageError(`${at(this.#file)}no event in the whole file: give a recorded history`);
    }
    throw new UsageError(
      `${at(this.#file)}not a history in a known format: give JSON Lines (.jsonl), Jepsen's EDN (.edn) or its log`,
    );
  }

  #begin(format: HistoryFormat): Reader {
    const head = this.#head;
    this.#head = "";
    this.#reader = this.#open(format);
    this.#reader.push(head);
    return this.#reader;
  }
}
