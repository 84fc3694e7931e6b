/**
 * Prefixes of one object's history, and the return at which they stop being linearizable.
 *
 * A prefix of a linearizable history is linearizable: what was invoked later is left out, and what
 * completed later is pending in it. So the first return that breaks a history is found by bisection
 * with any judge that can only say yes or no. A failed operation never happened and stays failed
 * even where its completion comes after the cut: nobody has to explain it.
 */

import type { Operation } from "../../../histories/history.js";

/**
 * The history up to and including the event at `position`; operations that the cut does not touch
 * are the same objects. O(operations).
 */
export function prefixUntil(operations: readonly Operation[], position: number): Operation[] {
  const prefix: Operation[] = [];
  for (const operation of operations) {
    if (operation.invoked > position) continue;
    const { outcome, completed } = operation;
    prefix.push(outcome !== "ok" || completed <= position ? operation : asPending(operation));
  }
  return prefix;
}

function asPending(operation: Operation): Operation {
  return {
    ...operation,
    output: null,
    outcome: "info",
    completed: Number.POSITIVE_INFINITY,
    completedAt: Number.POSITIVE_INFINITY,
  };
}

export type BreakingOperation =
  | { end: "found"; operation: Operation; position: number }
  | { end: "linearizable" }
  /** The judge could not decide a prefix that it was asked about. */
  | { end: "undecided" };

/**
 * The operation with whose return the shortest prefix that is not linearizable ends. `judge` says
 * whether a history is linearizable, undefined when it cannot decide. At most 1 + log2(n) calls.
 */
export function breakingOperation(
  operations: readonly Operation[],
  judge: (operations: Operation[]) => boolean | undefined,
): BreakingOperation {
  const returns = operations
    .filter(({ outcome }) => outcome === "ok")
    .sort((a, b) => a.completed - b.completed);
  const whole = judge([...operations]);
  if (whole !== false) return { end: whole === undefined ? "undecided" : "linearizable" };
  let [low, high] = [0, returns.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const verdict = judge(prefixUntil(operations, returns[middle]!.completed));
    if (verdict === undefined) return { end: "undecided" };
    if (verdict) low = middle + 1;
    else high = middle;
  }
  const operation = returns[low];
  if (operation === undefined) return { end: "linearizable" };
  return { end: "found", operation, position: operation.completed };
}
