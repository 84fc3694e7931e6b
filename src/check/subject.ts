/** A recorded history on its way to a verdict: read, judged, and what is said of it. */

import type { ConsistencyModel, ModelOptions, Searcher, Verdict } from "../../checkers/index.js";
import {
  type Columns,
  type HistoryFormat,
  type Keyed,
  readColumns,
  readHistoryFile,
} from "../../histories/index.js";
import { EventError, UsageError } from "../base/errors.js";

export interface ReadingOptions {
  format?: HistoryFormat;
  keyed?: Keyed;
}

export interface Judgement {
  verdict: Verdict;
  /** Operations of clients. */
  operations: number;
  /** What was put right while reading. */
  warnings: string[];
  /** Where the model works on columns. */
  columns?: Columns;
}

/** @throws UsageError naming the file, and the line where there is one. */
export async function judgeFile(
  file: string,
  model: ConsistencyModel,
  options: ModelOptions,
  reading: ReadingOptions,
  searcher: Searcher,
): Promise<Judgement> {
  if (model.judge === undefined) {
    const { history, warnings } = await readHistoryFile(file, reading);
    refuseEmpty(file, history.operations.length);
    const checker = model.checker(options);
    const verdict = await inFile(file, undefined, async () => checker.check(history));
    return { verdict, operations: history.operations.length, warnings };
  }
  const { columns, warnings, lineOf } = await readColumns(file, reading);
  refuseEmpty(file, columns.size);
  const verdict = await inFile(file, lineOf, () => model.judge!(columns, options, searcher));
  return { verdict, operations: columns.size, warnings, columns };
}

/** @throws UsageError: a recorder that lost its clients must not pass for a sound system. */
export function refuseEmpty(file: string, operations: number): void {
  if (operations > 0) return;
  throw new UsageError(`${file}: no client did anything in it: there is nothing to judge`);
}

/** A checker that refuses a history knows neither the file that it came from nor its lines. */
export async function inFile<T>(
  file: string,
  lineOf: ((position: number) => number) | undefined,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof EventError && lineOf !== undefined) {
      throw new UsageError(`${file}:${lineOf(error.position)}: ${error.reason}`);
    }
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}
