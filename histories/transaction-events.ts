/**
 * Transactional columns back into events, all of them or those of some transactions: what formats
 * write and people read. Reading what is written here gives the same transactions, chains and
 * outcomes; positions are counted anew, and what was recorded beside them is left out.
 */

import type { Json } from "../src/base/json.js";
import { PENDING } from "./columns.js";
import type { EventType, HistoryEvent } from "./history.js";
import { MICRO_NAMES, TXN } from "./micros.js";
import { microKinds, type Transactions, UNKNOWN } from "./transactions.js";

const ENDS: readonly EventType[] = ["ok", "fail", "info"];

/** What a micro-operation wrote, or what a read returned: null for nothing, and where not known. */
export function microValue(transactions: Transactions, micro: number): Json {
  const { service, values, kind, value, length, chainStart, chainElements } = transactions;
  const id = value[micro]!;
  if (id === UNKNOWN) return null;
  if (kind[micro] !== microKinds.read || service === "rw-register") return values.value(id);
  const start = chainStart[id]!;
  const elements = chainElements.subarray(start, start + length[micro]!);
  return Array.from(elements, (element) => values.value(element));
}

/** A micro-operation as files spell it: `["append","x",1]`. */
export function microAt(transactions: Transactions, micro: number): Json[] {
  const { values, kind, key, keys } = transactions;
  const name = MICRO_NAMES[kind[micro]!]!;
  return [name, values.value(keys[key[micro]!]!), microValue(transactions, micro)];
}

/**
 * The events of transactions, in the order of their positions; all transactions when none are
 * named. A transaction without an outcome has no completion. Times that went backwards stand still.
 * O(n log n) and the elements read.
 */
export function eventsOfTransactions(
  transactions: Transactions,
  chosen?: Iterable<number>,
): HistoryEvent[] {
  const { size, invoked, completed } = transactions;
  const numbers = chosen === undefined ? range(size) : [...new Set(chosen)].sort((a, b) => a - b);
  const ends = numbers.filter((t) => completed[t] !== PENDING);
  ends.sort((a, b) => completed[a]! - completed[b]!);

  const events: HistoryEvent[] = [];
  let time = Number.NEGATIVE_INFINITY;
  const add = (event: Omit<HistoryEvent, "index">): void => {
    time = Math.max(time, event.time);
    events.push({ index: events.length, ...event, time });
  };
  let next = 0;
  const endUntil = (position: number): void => {
    while (next < ends.length && completed[ends[next]!]! < position) {
      add(completion(transactions, ends[next++]!));
    }
  };
  for (const t of numbers) {
    endUntil(invoked[t]!);
    add(invocation(transactions, t));
  }
  endUntil(PENDING);
  return events;
}

function invocation(transactions: Transactions, t: number): Omit<HistoryEvent, "index"> {
  const value = microsOf(transactions, t);
  for (const micro of value) if (micro[0] === "r") micro[2] = null;
  const { process, invokedAt } = transactions;
  return { time: invokedAt[t]!, process: process[t]!, type: "invoke", f: TXN, value };
}

function completion(transactions: Transactions, t: number): Omit<HistoryEvent, "index"> {
  const { process, outcome, completedAt } = transactions;
  const type = ENDS[outcome[t]!]!;
  const value = microsOf(transactions, t);
  return { time: completedAt[t]!, process: process[t]!, type, f: TXN, value };
}

/** The micro-operations of a transaction as files spell them. */
function microsOf(transactions: Transactions, t: number): Json[][] {
  const { from } = transactions;
  return range(from[t + 1]! - from[t]!).map((i) => microAt(transactions, from[t]! + i));
}

function range(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i);
}
