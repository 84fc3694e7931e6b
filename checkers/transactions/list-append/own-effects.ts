/**
 * What a transaction's own micro-operations show: a list that contradicts what it read and appended
 * before (`internal`; before its first read of a key it may expect any list that ends with its own
 * appends), and an element that it read before it appended it (`future-read`). One finding per read,
 * or per element read too early.
 *
 * O(micro-operations), and O(length of the list) for reads that are suspicious.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import type { Collector } from "../collector.js";
import { element, elements, list, listFrom, whichKey, whose } from "../describe.js";
import type { VersionOrders } from "./version-orders.js";

const NONE = -1;

export function findOwnEffects(orders: VersionOrders, collector: Collector): void {
  const { transactions } = orders;
  const { size, outcome, from, kind, key, length } = transactions;
  const own = new OwnAccesses(transactions);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok || from[t + 1]! - from[t]! < 2) continue;
    own.begin(t);
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      const k = key[m]!;
      if (kind[m] === microKinds.append) {
        if (own.longestRead(k) > 0 && mayBeIn(orders, m, own.longestRead(k))) {
          const read = firstReadOf(transactions, t, m);
          if (read !== NONE && collector.count("future-read", t)) {
            collector.keep(futureRead(transactions, t, read, m));
          }
        }
        own.append(m);
      } else if (length[m]! >= 0) {
        if (!own.expects(m) && collector.count("internal", t)) {
          collector.keep(internal(transactions, t, m, own));
        }
        own.read(m);
      }
    }
  }
}

/** What the transaction at hand has done to each key so far. */
class OwnAccesses {
  readonly #transactions: Transactions;
  #transaction = NONE;
  /** By key, of the transaction in `#of`. */
  readonly #of: Int32Array;
  readonly #lastRead: Int32Array;
  readonly #longestRead: Int32Array;
  readonly #lastAppend: Int32Array;
  readonly #appendsSinceRead: Int32Array;
  /** By place in the transaction, of an append: the one to the same key before it. */
  #before = new Int32Array(16);

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
    const keys = transactions.keys.length;
    this.#of = new Int32Array(keys).fill(NONE);
    this.#lastRead = new Int32Array(keys);
    this.#longestRead = new Int32Array(keys);
    this.#lastAppend = new Int32Array(keys);
    this.#appendsSinceRead = new Int32Array(keys);
  }

  begin(transaction: number): void {
    const { from } = this.#transactions;
    this.#transaction = transaction;
    const micros = from[transaction + 1]! - from[transaction]!;
    if (micros > this.#before.length) this.#before = new Int32Array(micros * 2);
  }

  append(micro: number): void {
    const { key, from } = this.#transactions;
    const k = key[micro]!;
    this.#touch(k);
    this.#before[micro - from[this.#transaction]!] = this.#lastAppend[k]!;
    this.#lastAppend[k] = micro;
    this.#appendsSinceRead[k]! += 1;
  }

  read(micro: number): void {
    const { key, length } = this.#transactions;
    const k = key[micro]!;
    this.#touch(k);
    this.#lastRead[k] = micro;
    this.#appendsSinceRead[k] = 0;
    if (length[micro]! > this.#longestRead[k]!) this.#longestRead[k] = length[micro]!;
  }

  /** The length of the longest list read of a key. */
  longestRead(key: number): number {
    return this.#of[key] === this.#transaction ? this.#longestRead[key]! : 0;
  }

  lastRead(key: number): number {
    return this.#of[key] === this.#transaction ? this.#lastRead[key]! : NONE;
  }

  /** Appends to a key since the last read of it, the latest first. */
  appendsSinceRead(key: number): number[] {
    const { from } = this.#transactions;
    const appends: number[] = [];
    for (let a = this.#lastAppend[key]!; appends.length < this.#appendsSinceRead[key]!; ) {
      appends.push(a);
      a = this.#before[a - from[this.#transaction]!]!;
    }
    return appends;
  }

  /** Whether a read, which comes next, returned what the accesses before it make it return. */
  expects(read: number): boolean {
    const { key, value, length, from, chainStart, chainElements } = this.#transactions;
    const k = key[read]!;
    if (this.#of[k] !== this.#transaction) return true;
    const appends = this.#appendsSinceRead[k]!;
    const last = this.#lastRead[k]!;
    const rest = length[read]! - appends;
    if (last === NONE ? rest < 0 : rest !== length[last]!) return false;
    const start = chainStart[value[read]!]!;
    let append = this.#lastAppend[k]!;
    for (let at = start + length[read]! - 1; at >= start + rest; at--) {
      if (chainElements[at] !== value[append]) return false;
      append = this.#before[append - from[this.#transaction]!]!;
    }
    if (last === NONE || value[last] === value[read]) return true;
    const lastStart = chainStart[value[last]!]!;
    for (let i = 0; i < rest; i++) {
      if (chainElements[start + i] !== chainElements[lastStart + i]) return false;
    }
    return true;
  }

  #touch(key: number): void {
    if (this.#of[key] === this.#transaction) return;
    this.#of[key] = this.#transaction;
    this.#lastRead[key] = NONE;
    this.#longestRead[key] = 0;
    this.#lastAppend[key] = NONE;
    this.#appendsSinceRead[key] = 0;
  }
}

/** False only when no list of this key so short can have the appended element in it. */
function mayBeIn(
  { transactions, contested, numberOf }: VersionOrders,
  append: number,
  length: number,
) {
  if (contested[transactions.key[append]!] === 1) return true;
  // So many elements stand before it at least.
  return numberOf[append]! > 0 && length >= numberOf[append]!;
}

/** The first read in which the transaction saw what it appended afterwards. O(its micro-operations and what they read). */
function firstReadOf(transactions: Transactions, t: number, append: number): number {
  const { from, kind, key, length } = transactions;
  for (let m = from[t]!; m < append; m++) {
    if (kind[m] !== microKinds.read || key[m] !== key[append] || length[m]! <= 0) continue;
    if (placeIn(transactions, m, transactions.value[append]!) !== NONE) return m;
  }
  return NONE;
}

function placeIn(
  { value, length, chainStart, chainElements }: Transactions,
  m: number,
  id: number,
) {
  const start = chainStart[value[m]!]!;
  for (let i = 0; i < length[m]!; i++) if (chainElements[start + i] === id) return i;
  return NONE;
}

function futureRead(transactions: Transactions, t: number, read: number, append: number) {
  const { key, value } = transactions;
  const id = value[append]!;
  const shown = list(transactions, read, placeIn(transactions, read, id));
  return {
    ...{ type: "future-read", key: key[read]!, transactions: [t], micros: [read, append] },
    values: [id],
    message: `${whose(transactions, t)} read ${shown} of ${whichKey(transactions, key[read]!)} before it appended ${element(transactions, id)} itself`,
  };
}

function internal(transactions: Transactions, t: number, read: number, own: OwnAccesses) {
  const { key, value } = transactions;
  const appends = own.appendsSinceRead(key[read]!).reverse();
  const values = appends.map((append) => value[append]!);
  const before = own.lastRead(key[read]!);
  const difference = firstSurprise(transactions, read, before, values);
  const appended = `appended ${elements(transactions, values)}`;
  const did =
    before === NONE
      ? `it had ${appended} itself`
      : `it had read ${listFrom(transactions, before, difference)}${values.length === 0 ? "" : ` and ${appended}`} itself`;
  const shown = listFrom(transactions, read, difference);
  return {
    ...{ type: "internal", key: key[read]!, transactions: [t], values },
    micros: [read, ...(before === NONE ? [] : [before]), ...appends],
    message: `${whose(transactions, t)} read ${shown} of ${whichKey(transactions, key[read]!)}, although ${did} before`,
  };
}

/** The first place at which a read is not what was read `before`, if anything, and then appended. */
function firstSurprise(
  { value, length, chainStart, chainElements }: Transactions,
  read: number,
  before: number,
  appended: readonly number[],
): number {
  const size = length[read]!;
  const known = before === NONE ? Math.max(0, size - appended.length) : length[before]!;
  const start = chainStart[value[read]!]!;
  const expected = (at: number): number | undefined =>
    at >= known ? appended[at - known] : chainElements[chainStart[value[before]!]! + at];
  let at = before === NONE ? known : 0;
  while (at < size && chainElements[start + at] === expected(at)) at += 1;
  return at;
}
