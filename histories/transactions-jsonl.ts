/**
 * Our history file into transactional columns, its text coming in pieces: lines in the usual shape
 * by the quick reader, all others by the careful one, with the same meaning.
 */

import { readLine } from "./jsonl.js";
import { LineIndex, LineSplitter } from "./lines.js";
import { TransactionsBuilder } from "./transactions-builder.js";
import type { TransactionsReader } from "./transactions-reader.js";
import { readEnd, type TruncationOptions } from "./truncated.js";
import { UsualTransactionsJson } from "./usual-transactions-json.js";

export class JsonlTransactions implements TransactionsReader {
  readonly builder: TransactionsBuilder;
  readonly lineOf: (position: number) => number;
  readonly #source: string | undefined;
  readonly #options: TruncationOptions;
  readonly #lines = new LineIndex();
  readonly #splitter: LineSplitter;
  readonly #usual: UsualTransactionsJson;
  #line = 0;
  #time = 0;

  /** @throws UsageError, while reading, at the first bad line. */
  constructor(source?: string, options: TruncationOptions = {}) {
    this.#source = source;
    this.#options = options;
    const { lineOf } = this.#lines;
    this.builder = new TransactionsBuilder({ source, lineOf });
    this.lineOf = (position) => lineOf(this.builder.recordedAt(position));
    this.#usual = new UsualTransactionsJson(this.builder);
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
      builder.addStaged(event.index, event.process, event.type, event.time);
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
