/** Transactions without micro-operations: what a dependency graph needs to know of them. */

import { outcomes, PENDING } from "../../../../histories/columns.js";
import type { Transactions } from "../../../../histories/transactions.js";
import { ValueTable } from "../../../../histories/values.js";

export interface Interval {
  process: number;
  invoked: number;
  /** Positions of events; undefined when the outcome is unknown. */
  completed: number | undefined;
}

export function transactionsOver(intervals: readonly Interval[]): Transactions {
  const size = intervals.length;
  const last = intervals.reduce((end, i) => Math.max(end, i.invoked, i.completed ?? 0), -1);
  const empty = new Int32Array(0);
  return {
    service: "list-append",
    size,
    eventCount: last + 1,
    values: new ValueTable(),
    outcome: Uint8Array.from(intervals, (i) =>
      i.completed === undefined ? outcomes.info : outcomes.ok,
    ),
    process: Float64Array.from(intervals, (i) => i.process),
    invoked: Int32Array.from(intervals, (i) => i.invoked),
    completed: Int32Array.from(intervals, (i) => i.completed ?? PENDING),
    invokedAt: Float64Array.from(intervals, (i) => i.invoked),
    completedAt: Float64Array.from(intervals, (i) => i.completed ?? Number.POSITIVE_INFINITY),
    from: new Int32Array(size + 1),
    kind: new Uint8Array(0),
    key: empty,
    value: empty,
    length: empty,
    keys: empty,
    chainStart: Int32Array.of(0),
    chainElements: empty,
    chainKey: empty,
  };
}

/** All at the same time, each of a process of its own. */
export function plainTransactions(size: number): Transactions {
  return transactionsOver(
    Array.from({ length: size }, (_, t) => ({ process: t, invoked: t, completed: size + t })),
  );
}
