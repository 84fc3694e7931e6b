/** A recorded history on its way to a verdict: read, judged, and what is said of it. */

import {
  type ConsistencyModel,
  kAtomic,
  type ModelOptions,
  type Searcher,
  type Verdict,
} from "../../checkers/index.js";
import {
  type Columns,
  type History,
  type HistoryEvent,
  type HistoryFormat,
  type Keyed,
  operationAt,
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
  const bare = await inFile(file, lineOf, () => model.judge!(columns, options, searcher));
  const verdict = withStaleness(bare, columns, options);
  return { verdict, operations: columns.size, warnings, columns };
}

/** Operations up to which the staleness of a violated history is told unasked. */
const STALENESS_MAX = 200_000;
const STALENESS_STEPS = 1_000_000;
const PLAIN: ReadonlySet<string> = new Set(["read", "get", "write", "put", "fence"]);

/** A register that is not linearizable may still be only so and so stale: that is worth knowing. */
export function withStaleness(verdict: Verdict, columns: Columns, options: ModelOptions): Verdict {
  const type = verdict.notes?.["type"];
  const isPlain = columns.functions.every((f) => PLAIN.has(f));
  if (verdict.valid !== false || (type !== "register" && type !== "kv")) return verdict;
  if (!isPlain || columns.size > STALENESS_MAX) return verdict;
  const init = options.init === undefined ? {} : { init: options.init };
  const found = kAtomic({ type, ...init, stepsMax: STALENESS_STEPS }).check(historyOf(columns));
  const { k, deltaNs, distribution } = found.notes ?? {};
  if (found.valid === false || k === undefined || deltaNs === undefined) return verdict;
  const staleness = { k, deltaNs, ...(distribution === undefined ? {} : { distribution }) };
  return { ...verdict, notes: { ...verdict.notes, staleness } };
}

/** What clients did, as objects again. */
function historyOf(columns: Columns): History {
  const operations = Array.from({ length: columns.size }, (_, i) => operationAt(columns, i));
  const other = { process: "another", type: "info", f: "event", value: null } as const;
  const events: HistoryEvent[] = Array.from({ length: columns.eventCount }, (_, index) => {
    return { index, time: 0, ...other };
  });
  for (const { process, f, input, output, invoked, invokedAt, completed, ...rest } of operations) {
    const common = { process, f } as const;
    events[invoked] = { index: invoked, time: invokedAt, ...common, type: "invoke", value: input };
    if (rest.outcome === "info") continue;
    const { outcome: type, completedAt: time } = rest;
    events[completed] = { index: completed, time, ...common, type, value: output };
  }
  return { events, operations, observations: [] };
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
