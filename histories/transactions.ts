/**
 * A transactional history as columns: one place per transaction, in order of invocation, and one per
 * micro-operation. A million transactions of four micro-operations take about 100 MB however long
 * the lists are that they read, because a list that was read is kept as a prefix of the longest one
 * it agrees with (a chain), not as a list of its own. Nothing is lost by that.
 *
 * Keys are numbered densely (`keys` has their values), elements and register values are ids in
 * `values`. Real-time order is the order of the positions of events, never that of the clocks.
 */

import type { HistoryEvent } from "./history.js";
import type { ValueTable } from "./values.js";

export const microKinds = { read: 0, append: 1, write: 2 } as const;

/** In `value` of a register read, in `length` of a list read: nobody learned what was read. */
export const UNKNOWN = -1;

export type TransactionService = "list-append" | "rw-register";

export interface Transactions {
  service: TransactionService;
  /** Transactions; those of `ok`, `fail` and `info` alike. */
  size: number;
  /** Events in the whole file, those of nodes and nemeses included. */
  eventCount: number;
  /** Keys, elements and register values; NULL_ID is the initial state of a register. */
  values: ValueTable;

  /** By transaction: one of `outcomes`. */
  outcome: Uint8Array;
  process: Float64Array;
  /** Positions of the two events; `completed` is PENDING unless the outcome is ok or fail. */
  invoked: Int32Array;
  completed: Int32Array;
  /** Nanoseconds; `completedAt` is Infinity when there is no completion. */
  invokedAt: Float64Array;
  completedAt: Float64Array;
  /** The micro-operations of transaction t: `from[t]` up to `from[t + 1]`, in program order. */
  from: Int32Array;

  /** By micro-operation: one of `microKinds`. */
  kind: Uint8Array;
  /** A place in `keys`. */
  key: Int32Array;
  /**
   * The id of the value that an append or a write writes, or that a register read returned (NULL_ID:
   * the initial state; UNKNOWN). Of a list read: its chain. What a transaction that is not ok read
   * is always UNKNOWN: nobody vouches for it.
   */
  value: Int32Array;
  /** Of a list read: how many elements of its chain it returned, or UNKNOWN. 0 for all others. */
  length: Int32Array;

  /** The ids in `values` of the keys. */
  keys: Int32Array;
  /** The elements of chain c: `chainElements[chainStart[c]]` up to `chainStart[c + 1]`. */
  chainStart: Int32Array;
  chainElements: Int32Array;
  /** The key of chain c. Chains of a key come in the order in which their first reads completed. */
  chainKey: Int32Array;

  /** What nodes and nemeses recorded, for people to see: of a big file only the first of it. */
  observations?: readonly HistoryEvent[];
}
