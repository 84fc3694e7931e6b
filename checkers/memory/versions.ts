/**
 * The order of the writes of each key where the store tells it: a number per operation, the greater
 * the later. A write has that of its own completion, or that of those who read it.
 */

import { type Accesses, isRead, isWrite, type KeyOrders } from "./accesses.js";

/** Per operation of the columns its version; NaN where none is known. */
export type Versions = Float64Array;

/** Two accesses that disagree on the version of one write, or two writes with one version. */
export interface VersionConflict {
  first: number;
  second: number;
}

export type Ordered =
  | { orders: KeyOrders }
  | { conflict: VersionConflict }
  /** Some write has no version: the order is not known. */
  | { missing: number };

/** O(n log n). */
export function ordersOf(accesses: Accesses, versions: Versions): Ordered {
  const { size, kind, source, operation, keys, key } = accesses;
  const versionOf = new Float64Array(size).fill(Number.NaN);
  const toldBy = new Int32Array(size);
  const note = (write: number, version: number, teller: number): VersionConflict | undefined => {
    if (Number.isNaN(version)) return undefined;
    if (versionOf[write]! !== version && !Number.isNaN(versionOf[write]!)) {
      return { first: toldBy[write]!, second: teller };
    }
    versionOf[write] = version;
    toldBy[write] = teller;
    return undefined;
  };
  for (let access = 0; access < size; access++) {
    const version = versions[operation[access]!] ?? Number.NaN;
    // What an update claims is the version that it made, not the one that it found.
    const write = isWrite(kind[access]!) ? access : isRead(kind[access]!) ? source[access]! : -1;
    const conflict = write < 0 ? undefined : note(write, version, access);
    if (conflict !== undefined) return { conflict };
  }
  const orders: number[][] = Array.from({ length: keys }, () => []);
  for (let access = 0; access < size; access++) {
    if (!isWrite(kind[access]!)) continue;
    if (Number.isNaN(versionOf[access]!)) return { missing: access };
    orders[key[access]!]!.push(access);
  }
  for (const order of orders) {
    order.sort((a, b) => versionOf[a]! - versionOf[b]!);
    const twice = order.findIndex(
      (write, i) => i > 0 && versionOf[write] === versionOf[order[i - 1]!],
    );
    if (twice > 0) return { conflict: { first: order[twice - 1]!, second: order[twice]! } };
  }
  return { orders: orders.map((order) => Int32Array.from(order)) };
}
