/**
 * Linearizability (Herlihy & Wing 1990): every operation seems to take effect at one moment between
 * its invocation and its completion, as if on a single copy.
 *
 * A history is linearizable iff the history of each object is (locality), so keys are decided one by
 * one: by an algorithm for the type where one applies, otherwise by the search.
 */

import { type Columns, columnsOf } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import type { Checker, CheckOptions } from "../checker.js";
import { Inquiry, type LinearizabilityVerdict, type LinearizableOptions } from "./inquiry.js";
import type { ObjectVerdict } from "./judge-object.js";
import type { PackedTask } from "./packed.js";
import { typeNamed } from "./types.js";

export {
  type LinearizabilityVerdict,
  type LinearizableOptions,
  type ObjectLinearization,
  STEPS_MAX,
} from "./inquiry.js";

export interface LinearizableChecker extends Checker {
  check(history: History, options?: CheckOptions): LinearizabilityVerdict;
}

/**
 * A checker for one type of object. Options given to `check` win over those given here.
 * @throws UsageError for a type that does not exist; `check` throws it for a history whose
 * operations the type does not offer.
 */
export function linearizable(options: LinearizableOptions = {}): LinearizableChecker {
  if (options.type !== undefined) typeNamed(options.type);
  return {
    name: "linearizable",
    summary: "every operation takes effect at one moment between invocation and completion",
    check: (history: History, given: CheckOptions = {}) =>
      judgeColumns(columnsOf(history), { ...options, ...given }),
  };
}

/**
 * The verdict on a history in columns. O(n log n) where an algorithm for the type applies;
 * otherwise exponential in the worst case, within the budget of steps.
 * @throws UsageError as `linearizable`.
 */
export function judgeColumns(
  columns: Columns,
  options: LinearizableOptions = {},
): LinearizabilityVerdict {
  const inquiry = new Inquiry(columns, options);
  for (const round of [1, 2] as const) {
    for (const task of inquiry.tasks(round)) inquiry.settle(task, inquiry.search(task));
  }
  return inquiry.verdict();
}

/** Decides tasks somewhere else, each by `decidePacked`; verdicts in the order of the tasks. */
export type Searcher = (tasks: readonly PackedTask[]) => Promise<readonly ObjectVerdict[]>;

/**
 * As `judgeColumns`, to the same verdict, with searches running side by side. Not for models of the
 * user's own: functions cannot be sent to other threads.
 */
export async function judgeColumnsWith(
  searcher: Searcher,
  columns: Columns,
  options: LinearizableOptions = {},
): Promise<LinearizabilityVerdict> {
  if (options.model !== undefined) return judgeColumns(columns, options);
  const inquiry = new Inquiry(columns, options);
  for (const round of [1, 2] as const) {
    const tasks = inquiry.tasks(round);
    if (tasks.length === 0) continue;
    const verdicts = await searcher(tasks.map((task) => inquiry.pack(task)));
    for (const [i, task] of tasks.entries()) inquiry.settle(task, verdicts[i]!);
  }
  return inquiry.verdict();
}
