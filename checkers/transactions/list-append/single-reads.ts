/**
 * What one read alone shows, given who appended what: elements that nobody appended
 * (`garbage-read`), that stand twice (`duplicate-elements`), that a transaction appended which was
 * aborted (`G1a`), and lists that end in the middle of another transaction (`G1b`). One finding per
 * read and type, of its first offending element.
 *
 * O(micro-operations + elements of chains): where a chain first goes wrong is worked out once, and a
 * read is compared with that by its length.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import type { Collector } from "../collector.js";
import { element, list, whichKey, whose } from "../describe.js";
import { NO_VERSION, NOBODY, type VersionOrders } from "./version-orders.js";

const NEVER = 0x7fff_ffff;

export function findInSingleReads(orders: VersionOrders, collector: Collector): void {
  const { transactions, transactionOf, appendOf, numberOf } = orders;
  const { size, outcome, from, kind, value, length, chainStart } = transactions;
  const odd = oddPlaces(orders);
  const isSuperseded = supersededAppends(transactions);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! <= 0) continue;
      const chain = value[m]!;
      if (length[m]! > odd.first[chain]!) findOdd(orders, odd, t, m, collector);
      const last = appendOf[chainStart[chain]! + length[m]! - 1]!;
      if (last === NOBODY || isSuperseded[last] === 0) continue;
      if (transactionOf[last] === t || numberOf[last] === NO_VERSION) continue;
      if (collector.count("G1b", t)) collector.keep(intermediateRead(orders, t, m, last));
    }
  }
}

/** Of each chain, the place of the first element of each kind of oddness, or NEVER. */
interface OddPlaces {
  garbage: Int32Array;
  repeated: Int32Array;
  aborted: Int32Array;
  /** The least of the three. */
  first: Int32Array;
}

function oddPlaces({ transactions, transactionOf, appendOf }: VersionOrders): OddPlaces {
  const { values, outcome, chainStart, chainElements, chainKey } = transactions;
  const chains = chainKey.length;
  const never = () => new Int32Array(chains).fill(NEVER);
  const places = { garbage: never(), repeated: never(), aborted: never(), first: never() };
  const seenIn = new Int32Array(values.size).fill(-1);
  for (let c = 0; c < chains; c++) {
    const start = chainStart[c]!;
    for (let at = chainStart[c + 1]! - 1; at >= start; at--) {
      const append = appendOf[at]!;
      if (append === NOBODY) places.garbage[c] = at - start;
      else if (outcome[transactionOf[append]!] === outcomes.fail) places.aborted[c] = at - start;
    }
    for (let at = start; at < chainStart[c + 1]!; at++) {
      const id = chainElements[at]!;
      if (seenIn[id] === c) {
        places.repeated[c] = at - start;
        break;
      }
      seenIn[id] = c;
    }
    places.first[c] = Math.min(places.garbage[c]!, places.repeated[c]!, places.aborted[c]!);
  }
  return places;
}

/** 1 for appends after which the same transaction appends to the same key again. */
function supersededAppends({ size, from, kind, key, keys }: Transactions): Uint8Array {
  const isSuperseded = new Uint8Array(from[size]!);
  const appendsLater = new Int32Array(keys.length).fill(-1);
  for (let t = 0; t < size; t++) {
    for (let m = from[t + 1]! - 1; m >= from[t]!; m--) {
      if (kind[m] !== microKinds.append) continue;
      if (appendsLater[key[m]!] === t) isSuperseded[m] = 1;
      appendsLater[key[m]!] = t;
    }
  }
  return isSuperseded;
}

function findOdd(
  orders: VersionOrders,
  odd: OddPlaces,
  t: number,
  read: number,
  collector: Collector,
): void {
  const { transactions, transactionOf, appendOf } = orders;
  const { key, value, length, chainStart, chainElements } = transactions;
  const start = chainStart[value[read]!]!;
  const found = (type: string, places: Int32Array, message: (at: number) => string) => {
    const at = places[value[read]!]!;
    if (length[read]! <= at || !collector.count(type, t)) return;
    const append = appendOf[start + at]!;
    const isForeign = append !== NOBODY && transactionOf[append] !== t;
    collector.keep({
      ...{ type, key: key[read]!, values: [chainElements[start + at]!] },
      transactions: isForeign ? [t, transactionOf[append]!] : [t],
      micros: append === NOBODY ? [read] : [read, append],
      message: message(at),
    });
  };
  const reads = (...at: number[]) =>
    `${whose(transactions, t)} read ${list(transactions, read, ...at)} of ${whichKey(transactions, key[read]!)}`;
  const shown = (at: number) => element(transactions, chainElements[start + at]!);

  found("garbage-read", odd.garbage, (at) => `${reads(at)}, but nobody ever appended ${shown(at)}`);
  found("duplicate-elements", odd.repeated, (at) => {
    const first = chainElements.indexOf(chainElements[start + at]!, start) - start;
    return `${reads(first, at)}, in which ${shown(at)} stands twice: one append took effect twice`;
  });
  found("G1a", odd.aborted, (at) => {
    const writer = whose(transactions, transactionOf[appendOf[start + at]!]!);
    return `${reads(at)}, but ${shown(at)} was appended by ${writer}, which was aborted`;
  });
}

function intermediateRead(orders: VersionOrders, t: number, read: number, append: number) {
  const { transactions, transactionOf } = orders;
  const { kind, key, value, length } = transactions;
  const writer = transactionOf[append]!;
  let next = append + 1;
  while (kind[next] !== microKinds.append || key[next] !== key[append]) next += 1;
  const shown = list(transactions, read, length[read]! - 1);
  const then = `${whose(transactions, writer)} appended ${element(transactions, value[next]!)} after ${element(transactions, value[append]!)}`;
  return {
    ...{ type: "G1b", key: key[read]!, transactions: [t, writer], micros: [read, append, next] },
    values: [value[append]!, value[next]!],
    message: `${whose(transactions, t)} read ${shown} of ${whichKey(transactions, key[read]!)}, but ${then}: it saw half of that transaction`,
  };
}
