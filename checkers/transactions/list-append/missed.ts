/**
 * Appends that a read missed although they stand before it in a sequence of all transactions that
 * agrees with ww and wr dependencies. O(versions missed), and O(micro-operations) for all reads.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import type { Arrangement } from "./arrangement.js";
import { foreignVersion, type VersionOrders } from "./version-orders.js";

const NONE = -1;
const NEVER = 0x7fff_ffff;

/**
 * Visits the appends to a key that a read of it missed and that stand before the reader, until one
 * is what was looked for. Those of the transaction whose version was read are no matter here.
 */
export function eachMissed(
  orders: VersionOrders,
  { place }: Arrangement,
  read: number,
  visit: (append: number) => boolean,
): boolean {
  const { transactions, transactionOf, versions, start, known, unread } = orders;
  const key = transactions.key[read]!;
  const version = foreignVersion(orders, read);
  const reader = place[transactionOf[read]!]!;
  const from = start[key]!;
  const author = version === 0 ? NONE : transactionOf[versions[from + version - 1]!]!;
  const firstUnread = from + known[key]!;
  for (let at = from + version; at < firstUnread + unread[key]!; at++) {
    const writer = transactionOf[versions[at]!]!;
    if (place[writer]! < reader) {
      if (writer !== author && visit(versions[at]!)) return true;
    } else if (at < firstUnread) return false; // all later ones stand even later
  }
  return false;
}

/** Reads, in order, that missed an append which stands before their transaction. */
export function suspiciousReads(orders: VersionOrders, { place }: Arrangement): number[] {
  const { transactions, transactionOf, versions, start, known, unread } = orders;
  const { size, outcome, from, kind, key, length } = transactions;
  const firstUnread = new Int32Array(known.length).fill(NEVER);
  for (let k = 0; k < known.length; k++) {
    const first = start[k]! + known[k]!;
    for (let at = first; at < first + unread[k]!; at++) {
      firstUnread[k] = Math.min(firstUnread[k]!, place[transactionOf[versions[at]!]!]!);
    }
  }
  const reads: number[] = [];
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! < 0) continue;
      const k = key[m]!;
      const version = foreignVersion(orders, m);
      const next =
        version < known[k]!
          ? place[transactionOf[versions[start[k]! + version]!]!]!
          : firstUnread[k]!;
      if (next < place[t]!) reads.push(m);
    }
  }
  return reads;
}
