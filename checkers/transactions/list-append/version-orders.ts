/**
 * In which order the appends to each list took effect, as far as reads tell.
 *
 * The longest list that was read of a key is its version order (of equally long ones that which was
 * read first: by completion, then by place in its transaction), restricted to the elements of
 * transactions that take part: the ok ones and those of unknown outcome of which an element was
 * read. Each append is a version of its own; of an element that was read twice its first place
 * counts. All other appends of transactions that take part come after these, in an order that is
 * free: those that nobody read, and those that were read only where reads contradict the longest.
 *
 * O(micro-operations + elements of chains).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";

/** In `appendOf`: nobody ever appended this element to this key. */
export const NOBODY = -1;

/** In `numberOf`, of appends that have no number in the version order. */
export const NO_VERSION = 0;
export const UNREAD = -1;

const NO_CHAIN = -1;

export interface VersionOrders {
  transactions: Transactions;
  /** 1 for transactions that take part. */
  present: Uint8Array;
  /** The transaction of each micro-operation. */
  transactionOf: Int32Array;
  /** The append of each element of `chainElements`, or NOBODY. */
  appendOf: Int32Array;
  /**
   * By micro-operation, of an append: its place in the version order, counted from 1; or UNREAD,
   * when the longest list does not have it; NO_VERSION, when its transaction does not take part, and
   * for reads.
   */
  numberOf: Int32Array;
  /** All appends: those to key k are `versions[start[k]]` up to `start[k + 1]`: `known[k]` in version order, `unread[k]` in order of invocation, then the others. */
  versions: Int32Array;
  start: Int32Array;
  known: Int32Array;
  unread: Int32Array;
  /** By key: the chain whose elements are the version order, or -1. */
  mainChain: Int32Array;
  /** By key: 1 when reads disagree about the order. */
  contested: Uint8Array;
  /** By contested key: the read whose list the order is; -1 for all others. */
  longest: Int32Array;
}

export function orderVersions(transactions: Transactions): VersionOrders {
  const keys = transactions.keys.length;
  const { mainChain, contested, longest, nextChain, firstChain } = chainsByKey(transactions);
  const { start, byKey, transactionOf } = appendsByKey(transactions);
  const appendOf = appendsOfElements(transactions, { start, byKey, firstChain, nextChain });
  const present = whoTakesPart(transactions, appendOf, transactionOf);
  const numberOf = new Int32Array(transactionOf.length);
  const orders: VersionOrders = {
    ...{ transactions, present, transactionOf, appendOf, numberOf, start },
    ...{ mainChain, contested, longest },
    versions: new Int32Array(byKey.length),
    known: new Int32Array(keys),
    unread: new Int32Array(keys),
  };
  for (let key = 0; key < keys; key++) {
    numberKnown(orders, key);
    placeOthers(orders, byKey, key);
  }
  return orders;
}

/**
 * The append of the last element that others gave a reader: without its own ones at the end of the
 * list, and of those whose transactions take part. NOBODY when there is none.
 */
export function lastForeign(orders: VersionOrders, read: number): number {
  const { transactions, appendOf, numberOf } = orders;
  const start = transactions.chainStart[transactions.value[read]!]!;
  for (let at = foreignEnd(orders, read) - 1; at >= start; at--) {
    const append = appendOf[at]!;
    if (append !== NOBODY && numberOf[append] !== NO_VERSION) return append;
  }
  return NOBODY;
}

/**
 * The version that a read returned: the number of the last element that has one, 0 for the empty
 * list. Of a read that contradicts the order that is as far as it can be compared.
 */
export function versionRead(orders: VersionOrders, read: number): number {
  return versionBefore(orders, read, endOf(orders.transactions, read));
}

/** Whether a list that was read ends where the longest list of its key never was: who knows what it misses? */
export function isStray(orders: VersionOrders, read: number): boolean {
  const { transactions, contested, appendOf, numberOf } = orders;
  if (contested[transactions.key[read]!] === 0 || transactions.length[read]! === 0) return false;
  const append = appendOf[endOf(transactions, read) - 1]!;
  return append === NOBODY || numberOf[append]! <= 0;
}

/** As `versionRead`, without the reader's own appends at the end of the list. */
export function foreignVersion(orders: VersionOrders, read: number): number {
  return versionBefore(orders, read, foreignEnd(orders, read));
}

function versionBefore(orders: VersionOrders, read: number, end: number): number {
  const { transactions, appendOf, numberOf } = orders;
  const start = transactions.chainStart[transactions.value[read]!]!;
  for (let at = end - 1; at >= start; at--) {
    const append = appendOf[at]!;
    if (append !== NOBODY && numberOf[append]! > 0) return numberOf[append]!;
  }
  return 0;
}

/** Where in `chainElements` a list that was read ends. */
function endOf({ chainStart, value, length }: Transactions, read: number): number {
  return chainStart[value[read]!]! + length[read]!;
}

function foreignEnd(orders: VersionOrders, read: number): number {
  const { transactions, transactionOf, appendOf } = orders;
  const reader = transactionOf[read]!;
  const start = transactions.chainStart[transactions.value[read]!]!;
  let end = endOf(transactions, read);
  while (end > start) {
    const append = appendOf[end - 1]!;
    if (append === NOBODY || transactionOf[append] !== reader) break;
    end -= 1;
  }
  return end;
}

function chainsByKey(transactions: Transactions) {
  const { chainKey } = transactions;
  const keys = transactions.keys.length;
  const mainChain = new Int32Array(keys).fill(NO_CHAIN);
  const firstChain = new Int32Array(keys).fill(NO_CHAIN);
  const nextChain = new Int32Array(chainKey.length).fill(NO_CHAIN);
  const contested = new Uint8Array(keys);
  let areContested = false;
  for (let c = chainKey.length - 1; c >= 0; c--) {
    const key = chainKey[c]!;
    if (firstChain[key] !== NO_CHAIN) {
      contested[key] = 1;
      areContested = true;
    }
    nextChain[c] = firstChain[key]!;
    firstChain[key] = mainChain[key] = c;
  }
  const longest = new Int32Array(keys).fill(-1);
  if (areContested) findLongest(transactions, contested, longest);
  for (let key = 0; key < keys; key++) {
    if (contested[key] === 1) mainChain[key] = transactions.value[longest[key]!]!;
  }
  return { mainChain, contested, longest, firstChain, nextChain };
}

/** Of each wanted key the read of its longest list that completed first. */
function findLongest(transactions: Transactions, wanted: Uint8Array, best: Int32Array): void {
  const { size, outcome, completed, from, kind, key, length } = transactions;
  const bestCompleted = new Int32Array(wanted.length);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      const k = key[m]!;
      if (kind[m] !== microKinds.read || wanted[k] === 0) continue;
      const longer = length[m]! - (best[k] === -1 ? -1 : length[best[k]!]!);
      if (longer > 0 || (longer === 0 && completed[t]! < bestCompleted[k]!)) {
        best[k] = m;
        bestCompleted[k] = completed[t]!;
      }
    }
  }
}

function appendsByKey({ size, from, kind, key, keys }: Transactions) {
  const micros = from[size]!;
  const start = new Int32Array(keys.length + 1);
  for (let m = 0; m < micros; m++) if (kind[m] === microKinds.append) start[key[m]! + 1]! += 1;
  for (let k = 0; k < keys.length; k++) start[k + 1]! += start[k]!;
  const next = start.slice();
  const byKey = new Int32Array(start[keys.length]!);
  const transactionOf = new Int32Array(micros);
  for (let t = 0; t < size; t++) {
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      transactionOf[m] = t;
      if (kind[m] === microKinds.append) byKey[next[key[m]!]!++] = m;
    }
  }
  return { start, byKey, transactionOf };
}

interface Grouped {
  start: Int32Array;
  byKey: Int32Array;
  firstChain: Int32Array;
  nextChain: Int32Array;
}

function appendsOfElements(transactions: Transactions, grouped: Grouped): Int32Array {
  const { values, value, chainStart, chainElements } = transactions;
  const { start, byKey, firstChain, nextChain } = grouped;
  const appendOf = new Int32Array(chainElements.length);
  // A place in `byKey`; one that an earlier key left stands before this key's first.
  const placeOf = new Int32Array(values.size).fill(-1);
  for (let key = 0; key < firstChain.length; key++) {
    if (firstChain[key] === NO_CHAIN) continue;
    const first = start[key]!;
    for (let place = first; place < start[key + 1]!; place++)
      placeOf[value[byKey[place]!]!] = place;
    for (let c = firstChain[key]!; c !== NO_CHAIN; c = nextChain[c]!) {
      for (let at = chainStart[c]!; at < chainStart[c + 1]!; at++) {
        const place = placeOf[chainElements[at]!]!;
        appendOf[at] = place >= first ? byKey[place]! : NOBODY;
      }
    }
  }
  return appendOf;
}

function whoTakesPart(
  { size, outcome }: Transactions,
  appendOf: Int32Array,
  transactionOf: Int32Array,
): Uint8Array {
  const present = new Uint8Array(size);
  let areUnknown = false;
  for (let t = 0; t < size; t++) {
    if (outcome[t] === outcomes.ok) present[t] = 1;
    else if (outcome[t] === outcomes.info) areUnknown = true;
  }
  if (!areUnknown) return present;
  for (let at = 0; at < appendOf.length; at++) {
    if (appendOf[at] === NOBODY) continue;
    const writer = transactionOf[appendOf[at]!]!;
    if (outcome[writer] === outcomes.info) present[writer] = 1;
  }
  return present;
}

function numberKnown(orders: VersionOrders, key: number): void {
  const { transactions, present, transactionOf, appendOf, numberOf, start, versions } = orders;
  const chain = orders.mainChain[key]!;
  if (chain === NO_CHAIN) return;
  let number = 0;
  for (let at = transactions.chainStart[chain]!; at < transactions.chainStart[chain + 1]!; at++) {
    const append = appendOf[at]!;
    if (append === NOBODY || numberOf[append]! > 0) continue;
    if (present[transactionOf[append]!] === 0) continue;
    versions[start[key]! + number] = append;
    numberOf[append] = ++number;
  }
  orders.known[key] = number;
}

function placeOthers(orders: VersionOrders, byKey: Int32Array, key: number): void {
  const { present, transactionOf, numberOf, start, versions } = orders;
  let unreadAt = start[key]! + orders.known[key]!;
  const first = unreadAt;
  let lastAt = start[key + 1]!;
  for (let place = start[key + 1]! - 1; place >= start[key]!; place--) {
    const append = byKey[place]!;
    if (numberOf[append]! > 0) continue;
    if (numberOf[append] === NO_VERSION && present[transactionOf[append]!] === 1) continue;
    versions[--lastAt] = append;
  }
  for (let place = start[key]!; unreadAt < lastAt; place++) {
    const append = byKey[place]!;
    if (numberOf[append] !== NO_VERSION || present[transactionOf[append]!] === 0) continue;
    numberOf[append] = UNREAD;
    versions[unreadAt++] = append;
  }
  orders.unread[key] = unreadAt - first;
}
