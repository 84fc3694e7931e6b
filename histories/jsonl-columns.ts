/**
 * Our history file into columns, its text coming in pieces: lines in the usual shape by the quick
 * reader, all others by the careful one. Which of the two read a line makes no difference to the
 * columns, nor to what is refused.
 */

import { ColumnsBuilder } from "./columns-builder.js";
import type { ColumnsReader } from "./columns-reader.js";
import { readLine } from "./jsonl.js";
import { LineIndex, LineSplitter } from "./lines.js";
import { readEnd, type TruncationOptions } from "./truncated.js";
import { UsualJson } from "./usual-json.js";

export class JsonlColumns implements ColumnsReader {
  readonly builder: ColumnsBuilder;
  readonly settled = true;
  readonly lineOf: (position: number) => number;
  readonly #source: string | undefined;
  readonly #options: TruncationOptions;
  readonly #lines = new LineIndex();
  readonly #splitter: LineSplitter;
  readonly #usual: UsualJson;
  #line = 0;
  #time = 0;

  /** @throws UsageError, while reading, at the first bad line. */
  constructor(source?: string, options: TruncationOptions = {}) {
    this.#source = source;
    this.#options = options;
    this.lineOf = this.#lines.lineOf;
    this.builder = new ColumnsBuilder({ source, lineOf: this.lineOf });
    this.#usual = new UsualJson(this.builder.values, this.builder.functions);
    this.#splitter = new LineSplitter((text, start, end) => this.#take(text, start, end));
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  end(): string[] {
    return readEnd(() => this.#splitter.end(), this.#options);
  }

  #take(text: string, start: number, end: number): void {
    this.#line += 1;
    const { builder } = this;
    const index = builder.eventCount;
    if (this.#usual.read(text, start, end)) {
      const { event } = this.#usual;
      this.#lines.note(index, this.#line);
      builder.addClient(event);
      this.#time = event.time;
      return;
    }
    const context = { source: this.#source, line: this.#line, index, time: this.#time };
    const event = readLine(text.slice(start, end), context);
    if (event === undefined) return;
    this.#lines.note(index, this.#line);
    builder.add(event);
    this.#time = event.time;
  }
}
