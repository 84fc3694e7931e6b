/**
 * A history judged while it is being written. A prefix of a linearizable history is linearizable,
 * operations that are still open being pending: a violation in a prefix is certain, whatever follows.
 *
 * Where the type is to be inferred, that holds for the type of the whole, which what follows may tell:
 * a set that was only read until now looks like a register. So a prefix is certain to be violated only
 * when no type of object could have behaved like that.
 */

import {
  judgeColumns,
  type ModelOptions,
  models,
  types,
  type Verdict,
} from "../../checkers/index.js";
import { type Columns, type LiveColumns, liveColumns } from "../../histories/index.js";
import { EventError, UsageError } from "../base/errors.js";
import {
  defaultModels,
  inFile,
  type Judgement,
  type ReadingOptions,
  refuseEmpty,
  withStaleness,
} from "./subject.js";

/**
 * The verdict on the whole, or at the first prefix that nothing can explain.
 * @throws UsageError naming the source, and the line where there is one.
 */
export async function judgeStream(
  stream: AsyncIterable<Uint8Array> & { destroy?: () => unknown },
  source: string,
  options: ModelOptions,
  reading: ReadingOptions,
): Promise<Judgement> {
  let last: LiveColumns | undefined;
  let verdict: Verdict | undefined;
  for await (const live of liveColumns(stream, { ...reading, source })) {
    last = live;
    const { columns, ended, lineOf } = live;
    if (ended) refuseEmpty(source, columns.size);
    if (!ended && isPossible(columns, options)) continue;
    verdict = await inFile(source, lineOf, async () => judgeColumns(columns, options));
    if (verdict.valid === false) break;
  }
  const { columns, warnings } = last!;
  const told = withStaleness(verdict!, columns, options);
  const model = models.get(defaultModels.operations)!;
  return { model, verdict: told, operations: columns.size, warnings, columns };
}

/** Whether what follows may still make it a history that the type, or any type, allows. */
function isPossible(columns: Columns, options: ModelOptions): boolean {
  const bare = { ...options, explain: false, witness: false };
  if (options.type !== undefined) {
    const outcome = outcomeOf(columns, bare);
    // An operation stays what it is; whether the type fits is told by all that is read.
    return outcome instanceof UsageError ? !(outcome instanceof EventError) : outcome;
  }
  // The likely one first: mostly there is no need to ask for the others.
  return [{}, ...[...types.keys()].map((type) => ({ type }))].some(
    (about) => outcomeOf(columns, { ...bare, ...about }) === true,
  );
}

/** False when there is a violation; the error when the history is refused. */
function outcomeOf(columns: Columns, options: ModelOptions): boolean | UsageError {
  try {
    return judgeColumns(columns, options).valid !== false;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}
