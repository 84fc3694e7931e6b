/** A recorded history on its way to a verdict: read, judged, and what is said of it. */

import {
  type ConsistencyModel,
  claimOf,
  kAtomic,
  type MemoryVerdict,
  type ModelOptions,
  models,
  type Searcher,
  type TransactionVerdict,
  type Verdict,
  verifyKept,
} from "../../checkers/index.js";
import {
  type Columns,
  type History,
  type HistoryEvent,
  type HistoryFormat,
  type Keyed,
  operationAt,
  type Recorded,
  readHistoryFile,
  readRecorded,
  type Transactions,
  type TransactionsResult,
} from "../../histories/index.js";
import { EventError, UsageError } from "../base/errors.js";
import { asModel, calledFor } from "./checkers.js";
import { type Claims, claimedOrder, claimedVersions } from "./claims.js";

export interface ReadingOptions {
  format?: HistoryFormat;
  keyed?: Keyed;
  /** Leaves out a last line that was cut off, with a warning. */
  allowTruncated?: boolean;
}

export interface Judgement {
  model: ConsistencyModel;
  verdict: Verdict;
  /** Operations of clients. */
  operations: number;
  /** What was put right while reading. */
  warnings: string[];
  /** Where the model works on columns. */
  columns?: Columns;
  /** Of a memory model. */
  memory?: MemoryVerdict;
  /** Of a history of transactions; `options` are those that the verdict rests on. */
  transactional?: {
    recorded: TransactionsResult;
    verdict: TransactionVerdict;
    options: ModelOptions;
  };
}

/** What a file is to be held against. */
export interface Question {
  /** The one that fits the kind of history when left out. */
  model?: ConsistencyModel;
  options: ModelOptions;
  /** What the database says of the order of commits, or the store of that of writes. */
  claims?: Claims;
}

/** @throws UsageError naming the file, and the line where there is one. */
export async function judgeFile(
  file: string,
  question: Question,
  reading: ReadingOptions,
  searcher: Searcher,
): Promise<Judgement> {
  const { model, options } = question;
  if (model !== undefined && !isOfColumns(model)) {
    const { history, warnings } = await readHistoryFile(file, reading);
    refuseEmpty(file, history.operations.length);
    const checker = model.checker(options);
    const verdict = await inFile(file, undefined, async () => checker.check(history));
    return { model, verdict, operations: history.operations.length, warnings };
  }
  const recorded = await readRecorded(file, reading);
  const { lineOf, warnings } = recorded;
  const chosen = model ?? claimedModel(recorded) ?? models.get(defaultModels[recorded.kind])!;
  if (recorded.kind === "transactions") {
    const { transactions } = recorded;
    refuseEmpty(file, transactions.size);
    if (chosen.judgeLifted !== undefined) {
      const lifted = await inFile(file, lineOf, async () =>
        chosen.judgeLifted!(transactions, options),
      );
      return { model: chosen, verdict: lifted, operations: transactions.size, warnings };
    }
    if (chosen.judgeTransactions === undefined) throw refusedModel(file, chosen, "transactions");
    const judged = await inFile(file, lineOf, async () =>
      withKept(
        chosen.judgeTransactions!(transactions, claimed(question, transactions)),
        transactions,
      ),
    );
    const { size: operations } = transactions;
    const about = { recorded, verdict: judged, options: claimed(question, transactions) };
    return { model: chosen, verdict: judged, operations, warnings, transactional: about };
  }
  const { columns } = recorded;
  refuseEmpty(file, columns.size);
  const checker = calledFor(columns);
  if (model === undefined && options.type === undefined && checker !== undefined && file !== "-") {
    return judgeFile(file, { model: asModel(checker), options }, reading, searcher);
  }
  if (chosen.judgeMemory !== undefined) {
    const memory = await inFile(file, lineOf, async () =>
      chosen.judgeMemory!(columns, versioned(question, columns)),
    );
    return { model: chosen, verdict: memory, operations: columns.size, warnings, columns, memory };
  }
  if (chosen.judge === undefined) throw refusedModel(file, chosen, "operations");
  const bare = await inFile(file, lineOf, () => chosen.judge!(columns, options, searcher));
  const verdict = withStaleness(bare, columns, options);
  return { model: chosen, verdict, operations: columns.size, warnings, columns };
}

/** Other models judge histories as objects. */
function isOfColumns({ judge, judgeMemory, judgeTransactions }: ConsistencyModel): boolean {
  return judge !== undefined || judgeMemory !== undefined || judgeTransactions !== undefined;
}

/** The options, with the versions that are claimed. @throws UsageError as `claimedVersions`. */
export function versioned({ options, claims }: Question, columns: Columns): ModelOptions {
  return claims === undefined
    ? options
    : { ...options, versions: claimedVersions(claims, columns) };
}

/** The model that a certificate was made by. */
function claimedModel(recorded: Recorded): ConsistencyModel | undefined {
  if (recorded.kind === "operations") return undefined;
  const claim = claimOf(recorded.transactions.observations ?? []);
  return claim?.model === undefined ? undefined : models.get(claim.model);
}

/** The options, with the commit order that is claimed. @throws UsageError as `claimedOrder`. */
export function claimed({ options, claims }: Question, transactions: Transactions): ModelOptions {
  return claims === undefined
    ? options
    : { ...options, claimed: claimedOrder(claims, transactions) };
}

/** A certificate that the file carries is checked on its own, whatever the verdict. */
function withKept(verdict: TransactionVerdict, transactions: Transactions): TransactionVerdict {
  const kept = verifyKept(transactions);
  if (kept === undefined) return verdict;
  const { about, verified } = kept;
  return { ...verdict, notes: { ...verdict.notes, carried: { about, verified } } };
}

/** What is meant when no model is named. */
export const defaultModels = {
  operations: "linearizable",
  transactions: "strict-serializable",
} as const;

/** What somebody who says this of operations may mean: both are called RA. */
const namesakes: { readonly [model: string]: string } = { "read-atomic": "release-acquire" };

function refusedModel(
  file: string,
  { name, judgeMemory }: ConsistencyModel,
  kind: Recorded["kind"],
): UsageError {
  const isMemory = judgeMemory !== undefined && kind === "transactions";
  const other = isMemory ? "causal" : (namesakes[name] ?? defaultModels[kind]);
  const what = kind === "operations" ? "no transactions but operations" : "transactions";
  return new UsageError(
    `${file}: ${name} says nothing of it, there are ${what} in it: try --model ${other}`,
  );
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

/** What clients did, as objects again, with what nodes recorded as far as it was kept. */
export function historyOf(columns: Columns): History {
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
  const { observations = [] } = columns;
  return { events, operations, observations };
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
