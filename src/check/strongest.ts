/** Which models a recorded history satisfies, which it violates and by what, and what stays open. */

import {
  isMemory,
  judgeColumnsWith,
  type MemoryStanding,
  type ModelOptions,
  memoryStanding,
  modelEntry,
  type Searcher,
  type standing,
  standingOf,
  strongest,
  transactionStanding,
  type Verdict,
} from "../../checkers/index.js";
import { type Columns, readRecorded } from "../../histories/index.js";
import { EventError, UsageError } from "../base/errors.js";
import { calledFor } from "./checkers.js";
import {
  claimed,
  historyOf,
  inFile,
  type Question,
  type ReadingOptions,
  refuseEmpty,
  versioned,
} from "./subject.js";

export interface StrongestModels {
  satisfied: string[];
  violated: { model: string; anomalies: string[] }[];
  /** Models of the history's kind that nothing decided, with what is known of why. */
  undecided: { model: string; reason: string }[];
  strongest: string[];
  /** The smallest sets of session guarantees that cannot hold together, by reading. */
  sessionGuarantees?: NonNullable<MemoryStanding["sessions"]>;
}

export interface StrongestAnswer {
  answer: StrongestModels;
  operations: number;
  warnings: string[];
}

const NO_RULE = "it follows neither from what holds nor from what does not";

/** @throws UsageError naming the file, and the line where there is one. */
export async function strongestModels(
  file: string,
  question: Question,
  reading: ReadingOptions,
  searcher: Searcher,
): Promise<StrongestAnswer> {
  const { options } = question;
  const recorded = await readRecorded(file, reading);
  const { warnings, lineOf } = recorded;
  if (recorded.kind === "transactions") {
    const { transactions } = recorded;
    refuseEmpty(file, transactions.size);
    const known = await inFile(file, lineOf, async () =>
      transactionStanding(transactions, claimed(question, transactions)),
    );
    const answer = answerOf(known, "transactions", known.reasons);
    return { answer, operations: transactions.size, warnings };
  }
  const { columns } = recorded;
  refuseEmpty(file, columns.size);
  const verdict = await judgeObjects(columns, options, searcher);
  const decided = new Map([["linearizable", verdict]]);
  const { reasons, sessions, ...known } = await inFile(file, lineOf, async () =>
    isMemory(columns)
      ? memoryStanding(
          columns,
          decided,
          versioned(question, columns),
          knowsTheEnd(columns) ? () => historyOf(columns) : undefined,
        )
      : standingOf(decided),
  );
  const answer = answerOf(known, "operations", reasons);
  return {
    answer: sessions === undefined ? answer : { ...answer, sessionGuarantees: sessions },
    operations: columns.size,
    warnings,
  };
}

const OF_THE_END: ReadonlySet<string> = new Set(["eventual", "strong-convergence"]);

/** Whether something was recorded after quiescence, or of the states of replicas. */
function knowsTheEnd({ final, observations = [] }: Columns): boolean {
  return (final?.size ?? 0) > 0 || observations.some(({ f }) => f === "state");
}

/** Unknown where no type of object offers what the clients did: models say nothing of it. */
async function judgeObjects(
  columns: Columns,
  options: ModelOptions,
  searcher: Searcher,
): Promise<Verdict> {
  const checker = options.type === undefined ? calledFor(columns) : undefined;
  const unknown = (reason: string): Verdict => ({ valid: "unknown", anomalies: [], reason });
  if (checker !== undefined) return unknown(`no model is about it: use --checker ${checker}`);
  try {
    return await judgeColumnsWith(searcher, columns, { ...options, explain: true });
  } catch (error) {
    if (!(error instanceof UsageError) || options.type !== undefined) throw error;
    return unknown(error instanceof EventError ? error.reason : error.message);
  }
}

/** Models of the other kind are told where they hold, not where they stay open or fall. */
function answerOf(
  known: ReturnType<typeof standing>,
  family: "transactions" | "operations",
  reasons: ReadonlyMap<string, string>,
): StrongestModels {
  const isOfKind = (model: string): boolean => modelEntry(model)?.family === family;
  const satisfied = new Set([...known.satisfied].filter(isOfKind));
  return {
    satisfied: [...satisfied],
    violated: [...known.violated]
      .filter(([model]) => isOfKind(model))
      .map(([model, anomalies]) => ({ model, anomalies: [...anomalies] })),
    undecided: [...known.undecided]
      .filter(isOfKind)
      // A history that was not recorded to its end says nothing of the end, which leaves nothing open.
      .filter((model) => !OF_THE_END.has(model) || reasons.has(model))
      .map((model) => ({ model, reason: reasons.get(model) ?? NO_RULE })),
    strongest: strongest(satisfied),
  };
}
