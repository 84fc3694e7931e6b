/**
 * A dependency graph with the orders that the transactions imply, both in linear space.
 *
 * Real time: a counter of barriers goes up at every first invocation after a completion. That a
 * completed before b was invoked means end(a) <= begin(b): a reaches its barrier, barriers follow
 * each other, and a barrier reaches the transactions that begin at it. Process: each transaction has
 * at most one that comes next in its process. O(events + edges).
 */

import { outcomes } from "../../../histories/columns.js";
import type { Transactions } from "../../../histories/transactions.js";
import type { DependencyGraph, RelationOrder } from "../dependencies.js";

export const NONE = -1;
/** The barrier of a transaction that never completed. */
export const NEVER = 0x7fff_ffff;

const NOTHING = new Int32Array(0);

export interface Relation {
  /** Transactions, and all nodes: transactions first, then virtual nodes. */
  size: number;
  nodes: number;
  present: Uint8Array;
  start: Int32Array;
  target: Int32Array;
  kind: Uint8Array;
  /** By transaction: the next one in its process, or NONE. Empty unless the order is `process`. */
  next: Int32Array;
  /** By transaction: barriers. `begin` never falls. Empty unless the order is `realtime`. */
  begin: Int32Array;
  end: Int32Array;
  /** The last barrier; the first one is 0, and nothing ends at it. */
  barriers: number;
}

export function relationOf(graph: DependencyGraph, order: RelationOrder): Relation {
  const { transactions, present, nodes, start, target, kind } = graph;
  const timed = order === "realtime" ? barriersOf(transactions, present) : undefined;
  return {
    size: transactions.size,
    nodes,
    present,
    start,
    target,
    kind,
    next: order === "process" ? nextInProcess(transactions, present) : NOTHING,
    begin: timed?.begin ?? NOTHING,
    end: timed?.end ?? NOTHING,
    barriers: timed?.barriers ?? 0,
  };
}

/** Nothing comes after a transaction whose outcome is unknown: its process never acts again. */
export function nextInProcess(transactions: Transactions, present: Uint8Array): Int32Array {
  const { size, process, outcome } = transactions;
  const next = new Int32Array(size).fill(NONE);
  const latest = new Map<number, number>();
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) continue;
    const before = latest.get(process[t]!);
    if (before !== undefined) next[before] = t;
    if (outcome[t] === outcomes.ok) latest.set(process[t]!, t);
    else latest.delete(process[t]!);
  }
  return next;
}

function barriersOf(
  transactions: Transactions,
  present: Uint8Array,
): Pick<Relation, "begin" | "end" | "barriers"> {
  const { size, eventCount, invoked, completed, outcome } = transactions;
  const INVOCATION = 1;
  const COMPLETION = 2;
  const at = new Int32Array(eventCount);
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) continue;
    at[invoked[t]!] = INVOCATION;
    if (outcome[t] === outcomes.ok) at[completed[t]!] = COMPLETION;
  }
  let barrier = 0;
  let isOver = false;
  for (let position = 0; position < eventCount; position++) {
    if (at[position] === INVOCATION) {
      if (isOver) barrier++;
      isOver = false;
      at[position] = barrier;
    } else if (at[position] === COMPLETION) {
      isOver = true;
      at[position] = barrier + 1;
    }
  }
  const begin = new Int32Array(size);
  const end = new Int32Array(size).fill(NEVER);
  let latest = 0;
  for (let t = 0; t < size; t++) {
    if (present[t] === 1) {
      latest = at[invoked[t]!]!;
      if (outcome[t] === outcomes.ok) end[t] = at[completed[t]!]!;
    }
    begin[t] = latest;
  }
  return { begin, end, barriers: barrier };
}
