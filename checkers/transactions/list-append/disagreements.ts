/**
 * What the lists of one key show together: two reads of which neither is a prefix of the other
 * (`incompatible-order`, one finding per chain that deviates from the longest list), appends of one
 * transaction that took effect in another order than it made them (`incompatible-order`, too: one
 * per transaction and key), and an append that was committed after one that was aborted, in the
 * longest list (`dirty-update`, one per such place).
 *
 * O(elements of chains), and O(micro-operations) when reads disagree; O(n log n) for n dirty updates.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import type { Collector } from "../collector.js";
import { element, list, listFrom, whichKey, whose } from "../describe.js";
import type { Finding } from "../findings.js";
import type { Proofs } from "./proofs.js";
import { NOBODY, type VersionOrders } from "./version-orders.js";

const NONE = -1;

export function findDisagreements(proofs: Proofs, collector: Collector): void {
  const { orders } = proofs;
  if (orders.contested.includes(1)) findIncompatible(orders, collector);
  findReversed(proofs, collector);
  findDirtyUpdates(proofs, collector);
}

function findIncompatible(orders: VersionOrders, collector: Collector): void {
  const { transactions, transactionOf, mainChain } = orders;
  const { chainKey } = transactions;
  const deviatesAt = new Int32Array(chainKey.length).fill(NONE);
  for (let c = 0; c < chainKey.length; c++) {
    const main = mainChain[chainKey[c]!]!;
    if (c !== main) deviatesAt[c] = firstDifference(transactions, c, main);
  }
  const firstReads = firstDeviatingReads(transactions, deviatesAt);
  for (let c = 0; c < chainKey.length; c++) {
    if (deviatesAt[c] === NONE) continue;
    const read = firstReads[c]!;
    if (!collector.count("incompatible-order", transactionOf[read]!)) continue;
    collector.keep(incompatible(orders, read, deviatesAt[c]!));
  }
}

/** Of each chain the read that was the first to deviate: by completion, then by place. */
function firstDeviatingReads(transactions: Transactions, deviatesAt: Int32Array): Int32Array {
  const { size, outcome, completed, from, kind, value, length } = transactions;
  const first = new Int32Array(deviatesAt.length).fill(NONE);
  const firstCompleted = new Int32Array(deviatesAt.length);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! <= 0) continue;
      const chain = value[m]!;
      if (deviatesAt[chain] === NONE || length[m]! <= deviatesAt[chain]!) continue;
      if (first[chain] !== NONE && completed[t]! >= firstCompleted[chain]!) continue;
      first[chain] = m;
      firstCompleted[chain] = completed[t]!;
    }
  }
  return first;
}

function firstDifference({ chainStart, chainElements }: Transactions, a: number, b: number) {
  let at = 0;
  while (chainElements[chainStart[a]! + at] === chainElements[chainStart[b]! + at]) at += 1;
  return at;
}

function incompatible(orders: VersionOrders, read: number, at: number): Finding {
  const { transactions, transactionOf, longest } = orders;
  const { key, value, chainStart, chainElements } = transactions;
  const other = longest[key[read]!]!;
  const [t, u] = [transactionOf[read]!, transactionOf[other]!];
  const reads = `${whose(transactions, t)} read ${listFrom(transactions, read, at)} of ${whichKey(transactions, key[read]!)}`;
  const whoElse = t === u ? "the same transaction" : whose(transactions, u);
  return {
    ...{ type: "incompatible-order", key: key[read]!, micros: [read, other] },
    transactions: t === u ? [t] : [t, u],
    values: [read, other].map((m) => chainElements[chainStart[value[m]!]! + at]!),
    message: `${reads} and ${whoElse} read ${listFrom(transactions, other, at)}: no order of the appends gives both`,
  };
}

function findReversed(proofs: Proofs, collector: Collector): void {
  const { transactions, present, numberOf } = proofs.orders;
  const { size, from, key, keys } = transactions;
  // By key: which transaction appended to it last, and its last append so far that was read.
  const appendedBy = new Int32Array(keys.length).fill(NONE);
  const latest = new Int32Array(keys.length);
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (numberOf[m]! <= 0) continue;
      const k = key[m]!;
      if (appendedBy[k] === t && latest[k] === NONE) continue;
      if (appendedBy[k] === t && numberOf[m]! < numberOf[latest[k]!]!) {
        if (collector.count("incompatible-order", t)) {
          collector.keep(reversed(proofs, latest[k]!, m));
        }
        latest[k] = NONE;
        continue;
      }
      appendedBy[k] = t;
      latest[k] = m;
    }
  }
}

/** Two appends of one transaction, in its order, which reads show the other way round. */
function reversed(proofs: Proofs, earlier: number, later: number): Finding {
  const { transactions, transactionOf, numberOf } = proofs.orders;
  const { key, value } = transactions;
  const t = transactionOf[earlier]!;
  const read = proofs.witness(key[earlier]!, earlier)!;
  const reader = transactionOf[read]!;
  const shown = list(transactions, read, numberOf[later]! - 1, numberOf[earlier]! - 1);
  const [first, second] = [earlier, later].map((m) => element(transactions, value[m]!));
  const whoElse = reader === t ? "it" : whose(transactions, reader);
  return {
    ...{ type: "incompatible-order", key: key[earlier]!, micros: [earlier, later, read] },
    transactions: reader === t ? [t] : [t, reader],
    values: [value[earlier]!, value[later]!],
    message: `${whose(transactions, t)} appended ${first} to ${whichKey(transactions, key[earlier]!)} before ${second}, but ${whoElse} read ${shown}: they took effect in the other order`,
  };
}

function findDirtyUpdates(proofs: Proofs, collector: Collector): void {
  const { orders } = proofs;
  const places: DirtyPlace[] = [];
  for (let key = 0; key < orders.mainChain.length; key++) addDirtyPlaces(orders, key, places);
  // The earliest offenders first: then no more are worked out than are kept.
  places.sort((a, b) => a.offender - b.offender);
  for (const { offender, aborted, committed } of places) {
    if (collector.count("dirty-update", offender))
      collector.keep(dirtyUpdate(proofs, aborted, committed));
  }
}

/** Who committed on top of what was undone, and where in `chainElements` the two are. */
interface DirtyPlace {
  offender: number;
  aborted: number;
  committed: number;
}

function addDirtyPlaces(orders: VersionOrders, key: number, places: DirtyPlace[]): void {
  const { transactions, transactionOf, appendOf, mainChain } = orders;
  const { outcome, chainStart } = transactions;
  const chain = mainChain[key]!;
  if (chain === NONE) return;
  let aborted = NONE;
  for (let at = chainStart[chain]!; at < chainStart[chain + 1]!; at++) {
    const append = appendOf[at]!;
    const writer = append === NOBODY ? NONE : transactionOf[append]!;
    if (writer !== NONE && outcome[writer] === outcomes.info) continue;
    if (writer !== NONE && outcome[writer] === outcomes.ok && aborted !== NONE)
      places.push({ offender: writer, aborted, committed: at });
    aborted = writer !== NONE && outcome[writer] === outcomes.fail ? at : NONE;
  }
}

/** From an aborted element to a committed one, by their places in `chainElements`. */
function dirtyUpdate(proofs: Proofs, aborted: number, committed: number): Finding {
  const { transactions, transactionOf, appendOf } = proofs.orders;
  const key = transactions.key[appendOf[committed]!]!;
  const values = [...transactions.chainElements.subarray(aborted, committed + 1)];
  const [fail, ok] = [aborted, committed].map((at) => transactionOf[appendOf[at]!]!);
  const [first, last] = [values[0]!, values.at(-1)!].map((id) => element(transactions, id));
  const read = proofs.witness(key, appendOf[committed]!)!;
  return {
    ...{ type: "dirty-update", key, transactions: [ok!, fail!], values },
    micros: [appendOf[committed]!, appendOf[aborted]!, read],
    message: `${whose(transactions, ok!)} appended ${last} to ${whichKey(transactions, key)} after ${first} of ${whose(transactions, fail!)}, which was aborted: it committed on top of what was undone`,
  };
}
