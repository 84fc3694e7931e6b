/**
 * Transactions on registers as accesses in groups, so that causal models judge them: what committed, and
 * what may have and was read. A session is a process, which an unknown outcome ends. Reads of which
 * nobody learned the value are left out. What a read returned says who wrote it, since histories in
 * which a value is written twice to a key are refused when they are read. O(micro-operations).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import { assert, UsageError } from "../../../src/base/errors.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { type Accesses, INITIAL, kinds, THIN_AIR } from "../accesses.js";
import { WriterIndex } from "./writer-index.js";

export interface LiftedAccesses extends Accesses {
  readonly group: Int32Array;
  /** Accesses that read what a failed transaction wrote; their source is THIN_AIR. */
  readonly abortedReads: readonly number[];
}

/**
 * `operation` of an access is the place of its micro-operation. A read of `init`, or of null, is of the
 * initial state.
 *
 * @throws UsageError for lists, and when the initial value is written.
 */
export function transactionAccesses(transactions: Transactions, init: Json = null): LiftedAccesses {
  if (transactions.service !== "rw-register") {
    throw new UsageError(
      "causal models of transactions are decided for the service rw-register, this is list-append: use causal-cerone",
    );
  }
  const initial = transactions.values.find(init) ?? NULL_ID;
  const writers = writersOf(transactions, initial);
  const isKept = keptOf(transactions, writers);
  const { sessions, session } = sessionsOf(transactions, isKept);
  return laidOut(transactions, { initial, writers, isKept, sessions, session });
}

/** Writes of failed transactions included: who reads them must be told so. */
function writersOf(transactions: Transactions, initial: number): WriterIndex {
  const { size, from, kind, key, value, keys, values } = transactions;
  let writes = 0;
  for (let m = 0; m < from[size]!; m++) if (kind[m] === microKinds.write) writes++;
  const writers = new WriterIndex(writes);
  for (let m = 0; m < from[size]!; m++) {
    if (kind[m] !== microKinds.write) continue;
    if (value[m] === initial || value[m] === NULL_ID) {
      const what = `${canonical(values.value(value[m]!))} to ${canonical(values.value(keys[key[m]!]!))}`;
      throw new UsageError(
        `a transaction writes ${what}, the initial value: reads cannot tell them apart, write other values`,
      );
    }
    assert(writers.add(key[m]!, value[m]!, m), "every value of a key is written once");
  }
  return writers;
}

/** By transaction: committed, or of unknown outcome and read by one that committed. */
function keptOf(transactions: Transactions, writers: WriterIndex): Uint8Array {
  const { size, from, outcome, kind, key, value } = transactions;
  const owner = new Int32Array(from[size]!);
  const isKept = new Uint8Array(size);
  for (let t = 0; t < size; t++) {
    for (let m = from[t]!; m < from[t + 1]!; m++) owner[m] = t;
    if (outcome[t] === outcomes.ok) isKept[t] = 1;
  }
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || value[m] === UNKNOWN) continue;
      const writer = writers.find(key[m]!, value[m]!);
      if (writer >= 0 && outcome[owner[writer]!] !== outcomes.fail) isKept[owner[writer]!] = 1;
    }
  }
  return isKept;
}

/** Sessions in order of appearance. */
function sessionsOf(
  { size, process }: Transactions,
  isKept: Uint8Array,
): { sessions: number; session: Int32Array } {
  const session = new Int32Array(size);
  const known = new Map<number, number>();
  for (let t = 0; t < size; t++) {
    if (!isKept[t]) continue;
    const s = known.get(process[t]!) ?? known.size;
    known.set(process[t]!, s);
    session[t] = s;
  }
  return { sessions: known.size, session };
}

interface Plan {
  initial: number;
  writers: WriterIndex;
  isKept: Uint8Array;
  sessions: number;
  session: Int32Array;
}

function laidOut(transactions: Transactions, plan: Plan): LiftedAccesses {
  const { from, completed } = transactions;
  const { initial, writers, sessions } = plan;
  const order = bySession(transactions, plan);
  const size = countOf(transactions, order);
  const starts = new Int32Array(sessions + 1);
  const [session, key, source, group, finished, operation] = Array.from(
    { length: 6 },
    () => new Int32Array(size),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const kind = new Uint8Array(size);
  const place = new Int32Array(from[transactions.size]!).fill(-1);
  let a = 0;
  order.forEach((t, number) => {
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (!isTold(transactions, m)) continue;
      place[m] = a;
      kind[a] = transactions.kind[m] === microKinds.write ? kinds.write : kinds.read;
      session[a] = plan.session[t]!;
      key[a] = transactions.key[m]!;
      group[a] = number;
      finished[a] = completed[t]!;
      operation[a] = m;
      starts[session[a]! + 1] = ++a;
    }
  });
  // Sessions without an access begin where the one before them ends.
  for (let s = 1; s <= sessions; s++) starts[s] = Math.max(starts[s]!, starts[s - 1]!);
  const abortedReads: number[] = [];
  for (let read = 0; read < size; read++) {
    source[read] = INITIAL;
    if (kind[read] !== kinds.read) continue;
    const value = transactions.value[operation[read]!]!;
    if (value === initial || value === NULL_ID) continue;
    const writer = writers.find(key[read]!, value);
    source[read] = writer < 0 || place[writer]! < 0 ? THIN_AIR : place[writer]!;
    if (writer >= 0 && place[writer]! < 0) abortedReads.push(read);
  }
  return {
    ...{
      size,
      sessions,
      keys: transactions.keys.length,
      starts,
      session,
      kind,
      key,
      source,
      group,
    },
    ...{ completed: finished, operation, abortedReads },
  };
}

/** The kept transactions, session by session, in the order of their invocations. */
function bySession({ size }: Transactions, { isKept, sessions, session }: Plan): Int32Array {
  const cursor = new Int32Array(sessions + 1);
  let kept = 0;
  for (let t = 0; t < size; t++) {
    if (!isKept[t]) continue;
    cursor[session[t]! + 1]!++;
    kept++;
  }
  for (let s = 0; s < sessions; s++) cursor[s + 1]! += cursor[s]!;
  const order = new Int32Array(kept);
  for (let t = 0; t < size; t++) if (isKept[t]) order[cursor[session[t]!]!++] = t;
  return order;
}

function countOf(transactions: Transactions, order: Int32Array): number {
  let count = 0;
  for (const t of order) {
    for (let m = transactions.from[t]!; m < transactions.from[t + 1]!; m++)
      if (isTold(transactions, m)) count++;
  }
  return count;
}

/** A write, or a read whose value is known. */
function isTold({ kind, value }: Transactions, m: number): boolean {
  return kind[m] === microKinds.write || value[m] !== UNKNOWN;
}
