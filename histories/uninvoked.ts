/**
 * Transactions of a file that tells completions only, put into time. The order of its lines is that
 * of completions, and a process does one transaction at a time: so each is taken as invoked as soon
 * as the one before it in its process was complete, and the first of each process before all others
 * complete. No transaction can have been invoked earlier than that, so whatever precedes it in real
 * time then did so in truth. Where no process comes twice, all are concurrent.
 *
 * O(transactions + micro-operations).
 */

import { outcomes, PENDING } from "./columns.js";
import type { Transactions } from "./transactions.js";

/** In `process`: the file does not say whose a transaction is. It gets a process of its own. */
export const NOBODY = Number.NaN;

const NONE = -1;

export interface Arranged {
  transactions: Transactions;
  /** By position: where the event that it comes from stands in the file. */
  recordedAt: Int32Array;
}

/** @param recorded in the order of completion, `invoked` and `invokedAt` being those of completions. */
export function arranged(recorded: Transactions): Arranged {
  const { size, eventCount, outcome, invoked: at, invokedAt: time } = recorded;
  const process = ownProcesses(recorded.process);
  const { before, after } = neighbours(process);

  const order = new Int32Array(size);
  const invoked = new Int32Array(size);
  const completed = new Int32Array(size).fill(PENDING);
  const recordedAt = new Int32Array(eventCount + size);
  const moved = new Int32Array(eventCount);
  let count = 0;
  let position = 0;
  const invoke = (t: number): void => {
    order[count++] = t;
    invoked[t] = position;
    recordedAt[position++] = at[t]!;
  };
  for (let t = 0; t < size; t++) if (before[t] === NONE) invoke(t);
  let next = 0;
  for (let event = 0; event < eventCount; event++) {
    moved[event] = position;
    recordedAt[position] = event;
    if (next < size && at[next] === event) {
      if (outcome[next] !== outcomes.info) completed[next] = position;
      position += 1;
      if (after[next] !== NONE) invoke(after[next]!);
      next += 1;
    } else position += 1;
  }

  const invokedAt = time.map((_, t) => time[before[t] === NONE ? 0 : before[t]!]!);
  const observations = recorded.observations?.map((event) => {
    return { ...event, index: moved[event.index]! };
  });
  const transactions = {
    ...permuted({ ...recorded, process, invoked, invokedAt, completed }, order),
    eventCount: eventCount + size,
    ...(observations === undefined ? {} : { observations }),
  };
  return { transactions, recordedAt };
}

/** Processes, those that are missing filled in with numbers that nobody has. */
function ownProcesses(process: Float64Array): Float64Array {
  const taken = new Set(process);
  let free = 0;
  return process.map((given) => {
    if (!Number.isNaN(given)) return given;
    while (taken.has(free)) free += 1;
    return free++;
  });
}

/** By transaction: the one before it in its process and the one after it, or NONE. */
function neighbours(process: Float64Array): { before: Int32Array; after: Int32Array } {
  const before = new Int32Array(process.length).fill(NONE);
  const after = new Int32Array(process.length).fill(NONE);
  const latest = new Map<number, number>();
  for (let t = 0; t < process.length; t++) {
    const earlier = latest.get(process[t]!);
    if (earlier !== undefined) {
      before[t] = earlier;
      after[earlier] = t;
    }
    latest.set(process[t]!, t);
  }
  return { before, after };
}

/** The same transactions numbered in another order. */
function permuted(transactions: Transactions, order: Int32Array): Transactions {
  const { size, outcome, process, invoked, completed, invokedAt, completedAt } = transactions;
  const { from, kind, key, value, length } = transactions;
  const starts = new Int32Array(size + 1);
  const micros = new Int32Array(kind.length);
  let count = 0;
  for (let i = 0; i < size; i++) {
    const t = order[i]!;
    for (let micro = from[t]!; micro < from[t + 1]!; micro++) micros[count++] = micro;
    starts[i + 1] = count;
  }
  return {
    ...transactions,
    outcome: outcome.map((_, i) => outcome[order[i]!]!),
    process: process.map((_, i) => process[order[i]!]!),
    invoked: invoked.map((_, i) => invoked[order[i]!]!),
    completed: completed.map((_, i) => completed[order[i]!]!),
    invokedAt: invokedAt.map((_, i) => invokedAt[order[i]!]!),
    completedAt: completedAt.map((_, i) => completedAt[order[i]!]!),
    from: starts,
    kind: kind.map((_, i) => kind[micros[i]!]!),
    key: key.map((_, i) => key[micros[i]!]!),
    value: value.map((_, i) => value[micros[i]!]!),
    length: length.map((_, i) => length[micros[i]!]!),
  };
}
