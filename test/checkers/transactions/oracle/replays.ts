/**
 * Executions: whether some order of events on one database returns exactly what the clients read.
 *
 *   serial       transactions one after the other
 *   snapshot     each reads from the state at its snapshot and writes at its commit; of two that
 *                write one key, one commits before the other takes its snapshot (first committer wins)
 *   prefix       the same without that condition
 *
 * Nothing here knows of dependencies between transactions. Tries all orders, but for those that
 * begin with a state and a remainder that has failed already.
 */

import { isPrefix } from "./non-cycle.js";
import {
  longestRead,
  type SmallHistory,
  type Transaction,
  type Value,
  writesOf,
} from "./small-history.js";

/** What must have committed before the other begins. */
export type Precedence = (a: Transaction, b: Transaction) => boolean;

/** By key: all that was ever written to it in this order; a register holds the last. */
type State = ReadonlyMap<string, readonly Value[]>;

export function hasSerialExecution(
  history: SmallHistory,
  transactions: readonly Transaction[],
  precedes: Precedence,
): boolean {
  const failed = new Set<string>();
  const tries = (left: readonly Transaction[], state: State): boolean => {
    if (left.length === 0) return true;
    const position = JSON.stringify([left.map(({ id }) => id), [...state]]);
    if (failed.has(position)) return false;
    failed.add(position);
    return left.some((next) => {
      if (left.some((other) => other !== next && precedes(other, next))) return false;
      if (!readsAsIn(state, next)) return false;
      return tries(
        left.filter((other) => other !== next),
        commit(history, state, next),
      );
    });
  };
  return tries(transactions, new Map());
}

export type SnapshotRule = "prefix" | "snapshot";

export function hasSnapshotExecution(
  history: SmallHistory,
  rule: SnapshotRule,
  precedes: Precedence,
): boolean {
  const failed = new Set<string>();
  const orderRead = new Map(history.keys.map((key) => [key, orderReadOf(history, key)]));
  /** `waiting` have no snapshot yet, `open` have one. */
  const tries = (
    waiting: readonly Transaction[],
    open: readonly Transaction[],
    state: State,
  ): boolean => {
    if (waiting.length + open.length === 0) return true;
    const ids = (some: readonly Transaction[]) => some.map(({ id }) => id).sort();
    const position = JSON.stringify([ids(waiting), ids(open), [...state].sort()]);
    if (failed.has(position)) return false;
    failed.add(position);

    const committed = open.some((t) => {
      const next = commit(history, state, t);
      if (!agreesWith(next, orderRead)) return false;
      return tries(waiting, without(open, t), next);
    });
    if (committed) return true;
    return waiting.some((t) => {
      if ([...waiting, ...open].some((other) => other !== t && precedes(other, t))) return false;
      if (rule === "snapshot" && open.some((other) => writeOneKey(other, t))) return false;
      return readsAsIn(state, t) && tries(without(waiting, t), [...open, t], state);
    });
  };
  return tries(history.present, [], new Map());
}

/** Whether a transaction that runs alone from this state on would read what it did read. */
function readsAsIn(state: State, { micros, outcome }: Transaction): boolean {
  if (outcome !== "ok") return true;
  const own = new Map(state);
  return micros.every((micro) => {
    const now = own.get(micro.key) ?? [];
    if (micro.kind === "write") {
      own.set(micro.key, [...now, micro.value]);
      return true;
    }
    if (micro.kind === "register-read") return micro.value === (now.at(-1) ?? null);
    return now.length === micro.list.length && isPrefix(now, micro.list);
  });
}

function commit(history: SmallHistory, state: State, transaction: Transaction): State {
  const next = new Map(state);
  for (const { key, value } of writesOf(transaction)) {
    // What a register held before never matters again.
    const before = history.service === "list-append" ? (next.get(key) ?? []) : [];
    next.set(key, [...before, value]);
  }
  return next;
}

/** The order of a list is what was read of it, even where a snapshot alone showed it. */
function orderReadOf(history: SmallHistory, key: string): readonly Value[] {
  return history.service === "list-append" ? longestRead(history, key) : [];
}

function agreesWith(state: State, orderRead: ReadonlyMap<string, readonly Value[]>): boolean {
  return [...state].every(([key, values]) => {
    const read = orderRead.get(key)!;
    return isPrefix(read, values) || isPrefix(values, read);
  });
}

function writeOneKey(a: Transaction, b: Transaction): boolean {
  return writesOf(a).some(({ key }) => writesOf(b, key).length > 0);
}

function without(transactions: readonly Transaction[], one: Transaction): Transaction[] {
  return transactions.filter((other) => other !== one);
}
