/**
 * A history whose kind is not known: one of transactions becomes transactional columns, every other
 * one columns of operations. Whether it is one of transactions is said by its first client: `f` is
 * txn, and the first micro-operation that is not missing is r, append or w; or the value can only
 * be that of a transaction, whatever `f` is. (Transactions of send
 * and poll belong to logs, which are histories of operations.) Where the first client's event is
 * refused as one of operations, it may still be one of transactions, whose readers take more: they
 * know what to make of a file without invocations. O(length of the file).
 */

import { UsageError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import type { Columns } from "./columns.js";
import type { ColumnsReader } from "./columns-reader.js";
import { FormatDoor, type HistoryFormat } from "./format.js";
import { areMicros, MICRO_NAMES, TXN } from "./micros.js";
import type { ReadOptions } from "./read.js";
import { type ColumnsResult, callerWarnings, columnsReader, resultOf } from "./read-columns.js";
import { at, type TextReader } from "./recording.js";
import { sourceName, textOf } from "./text-source.js";
import type { Transactions } from "./transactions.js";
import { EdnTransactions, JepsenLogTransactions } from "./transactions-jepsen.js";
import { JsonlTransactions } from "./transactions-jsonl.js";
import type { TransactionsReader } from "./transactions-reader.js";

export interface TransactionsResult {
  transactions: Transactions;
  format: HistoryFormat;
  /** What was put right while reading, one line each. */
  warnings: string[];
  /** The line, counted from 1, of the event at a position. */
  lineOf: (position: number) => number;
}

export type Recorded =
  | ({ kind: "operations" } & ColumnsResult)
  | ({ kind: "transactions" } & TransactionsResult);

/**
 * Reads a file, or standard input when the path is `-`.
 * @throws UsageError in one line: what is wrong, in which line, what to do.
 */
export async function readRecorded(path: string, options: ReadOptions = {}): Promise<Recorded> {
  const file = sourceName(path);
  const door = recordedDoor(file, options);
  for await (const text of textOf(path, options)) door.push(text);
  return recordedBehind(door);
}

/** The same for a text in memory; `file` names it, and its extension hints at the format. */
export function readRecordedText(text: string, options: ReadOptions & { file: string }): Recorded {
  const door = recordedDoor(options.file, options);
  door.push(text.startsWith("\uFEFF") ? text.slice(1) : text);
  return recordedBehind(door);
}

type Kind = Recorded["kind"];

const UNINVOKED =
  "no invocations: nothing is known of real time; a transaction counts as invoked right after the one before it in its process, or before all others complete";

/** Reads as operations until it is clear what the clients do; what came until then is kept. */
class RecordedReader implements TextReader<Recorded | undefined> {
  readonly #file: string;
  readonly #format: HistoryFormat;
  readonly #options: ReadOptions;
  readonly #operations: ColumnsReader;
  #transactions: TransactionsReader | undefined;
  #head: string[] | undefined = [];
  /** Why the history is none of operations, while it is open whether it is one of transactions. */
  #refusal: UsageError | undefined;

  constructor(file: string, format: HistoryFormat, options: ReadOptions) {
    this.#file = file;
    this.#format = format;
    this.#options = options;
    this.#operations = columnsReader(format, file, options);
  }

  push(text: string): void {
    if (this.#head !== undefined) {
      this.#head.push(text);
      this.#probe(() => this.#operations.push(text), false);
    } else if (this.#refusal !== undefined) {
      this.#retry((reader) => reader.push(text));
    } else (this.#transactions ?? this.#operations).push(text);
  }

  /** Undefined when there was no event. */
  end(): Recorded | undefined {
    let warnings: string[] = [];
    if (this.#head !== undefined) {
      this.#probe(() => {
        warnings = this.#operations.end();
      }, true);
    } else if (this.#transactions === undefined) warnings = this.#operations.end();
    if (this.#transactions !== undefined) return this.#endTransactions(this.#transactions);
    if (this.#operations.builder.eventCount === 0) return undefined;
    return this.#endOperations(warnings);
  }

  /** Reads on as operations. What is wrong with those does not count when they are none. */
  #probe(read: () => void, isWhole: boolean): void {
    let failure: UsageError | undefined;
    try {
      read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failure = error;
    }
    const isKnown = isWhole && failure === undefined;
    const kind = kindOf(this.#operations.builder.snapshot(), isKnown);
    if (kind === "transactions") this.#change();
    else if (failure !== undefined) {
      if (kind === "operations" || this.#options.keyed === true) throw failure;
      this.#refusal = failure;
      this.#retry(() => this.#readAgain());
    }
    if (kind !== undefined || failure !== undefined) this.#head = undefined;
  }

  /** Reads on as transactions. @throws UsageError that of operations, unless they are some. */
  #retry(read: (reader: TransactionsReader) => void, isWhole = false): void {
    const refusal = this.#refusal;
    const isBegun = () => this.#transactions!.builder.isBegun;
    try {
      read(this.#transactions!);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw isBegun() ? error : refusal;
    }
    if (isBegun()) this.#refusal = undefined;
    else if (isWhole) throw refusal;
  }

  /** They are transactions: reads what came so far once more. */
  #change(): void {
    const source = this.#file;
    const { builder, lineOf } = this.#operations;
    if (this.#options.keyed === true) {
      const where = at(source, lineOf(builder.snapshot().invoked[0]!));
      const reason = "transactions have their keys in their micro-operations";
      throw new UsageError(`${where}${reason}: read the history as unkeyed`);
    }
    this.#readAgain();
  }

  #readAgain(): void {
    const source = this.#file;
    const options = { source, allowTruncated: this.#options.allowTruncated };
    this.#transactions =
      this.#format === "jsonl"
        ? new JsonlTransactions(source, options)
        : this.#format === "edn"
          ? new EdnTransactions(options)
          : new JepsenLogTransactions(options);
    for (const text of this.#head!) this.#transactions.push(text);
  }

  #endOperations(warnings: string[]): Recorded {
    const reader = this.#operations;
    const told = [...warnings, ...callerWarnings(this.#file, reader)];
    const result = resultOf(this.#format, reader, told);
    const stray = strayTransaction(result.columns);
    if (stray !== undefined) {
      const where = at(this.#file, result.lineOf(stray));
      const others = "but the clients before it do other operations";
      throw new UsageError(`${where}a transaction, ${others}: record them in files of their own`);
    }
    return { kind: "operations", ...result };
  }

  #endTransactions(reader: TransactionsReader): Recorded {
    const { builder, lineOf } = reader;
    const warnings: string[] = [];
    const end = () => warnings.push(...reader.end());
    if (this.#refusal === undefined) end();
    else this.#retry(end, true);
    warnings.push(...callerWarnings(this.#file, reader));
    if (builder.isUninvoked) warnings.push(`${at(this.#file)}${UNINVOKED}`);
    const transactions = builder.finish();
    return { kind: "transactions", transactions, format: this.#format, warnings, lineOf };
  }
}

function recordedDoor(file: string, options: ReadOptions): FormatDoor<RecordedReader> {
  const open = (format: HistoryFormat) => new RecordedReader(file, format, options);
  return new FormatDoor(file, options.format, open);
}

function recordedBehind(door: FormatDoor<RecordedReader>): Recorded {
  return door.end().reader.end() ?? door.refuseNone();
}

/** Undefined while nothing was done that tells. */
function kindOf(columns: Columns, isWhole: boolean): Kind | undefined {
  const { size, functions, f, input, values } = columns;
  for (let i = 0; i < size; i++) {
    if (functions[f[i]!] !== TXN) {
      return areMicros(values.value(input[i]!)) ? "transactions" : "operations";
    }
    const name = firstName(columns, i);
    if (name !== undefined)
      return name === "send" || name === "poll" ? "operations" : "transactions";
    if (!values.isList(input[i]!)) return "transactions";
  }
  if (!isWhole) return undefined;
  return size === 0 ? "operations" : "transactions";
}

/** The kind of the first micro-operation of a transaction; undefined when it has none. */
function firstName({ input, values }: Columns, operation: number): Json | undefined {
  const micros = values.elements(input[operation]!);
  if (micros.length === 0) return undefined;
  const [name] = values.elements(micros[0]!);
  return name === undefined ? null : values.value(name);
}

/** The position of the first transaction among other operations that is none of a log. */
function strayTransaction(columns: Columns): number | undefined {
  const txn = columns.functions.indexOf(TXN);
  if (txn < 0) return undefined;
  for (let i = 0; i < columns.size; i++) {
    if (columns.f[i] !== txn) continue;
    const name = firstName(columns, i);
    if (MICRO_NAMES.some((known) => known === name)) return columns.invoked[i];
  }
  return undefined;
}
