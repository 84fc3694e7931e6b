/**
 * Transactions that read a key before they append to it, as if nothing could come in between: two of
 * them that read the same version first (`lost-update`, one finding per key and version), and one
 * whose version was followed by somebody else's (`G-cursor`, one per transaction and key).
 *
 * Where what was read is the last version that anybody read, and the transaction's own append is
 * among the unread ones, it may still be the next: of several such transactions only the first is
 * spared; a sole one is left to `cursor`, which knows what else the order must respect.
 *
 * O(micro-operations).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import type { Collector } from "../collector.js";
import { element, list, whichKey, whose } from "../describe.js";
import type { Finding } from "../findings.js";
import { unreadAppendOf } from "./edges.js";
import { type VersionOrders, versionRead } from "./version-orders.js";

const NONE = -1;
const OPEN = -2;

/** Reads of keys' last versions whose transactions must append next, at most one of a key. */
export type ClaimedNext = readonly number[];

export function findInUpdates(orders: VersionOrders, collector: Collector): ClaimedNext {
  const lostUpdates = new LostUpdates(orders);
  const cursors = new Cursors(orders, collector);
  eachUpdate(orders, (firstRead, append, isSteady) => {
    lostUpdates.add(firstRead);
    cursors.add(firstRead, append, isSteady);
  });
  lostUpdates.report(collector);
  return cursors.claimed;
}

/**
 * Visits each key that a transaction read first and appended to later: its first read, its first
 * append, and whether all reads before the append returned the same.
 */
function eachUpdate(
  { transactions }: VersionOrders,
  visit: (firstRead: number, append: number, isSteady: boolean) => void,
): void {
  const { size, outcome, from, kind, key, value, length, keys } = transactions;
  // By key: the transaction that touched it last, its first read if no append came before, else NONE.
  const touched = new Int32Array(keys.length).fill(NONE);
  const firstRead = new Int32Array(keys.length);
  const isSteady = new Uint8Array(keys.length);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok || from[t + 1]! - from[t]! < 2) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      const k = key[m]!;
      const isRead = kind[m] === microKinds.read;
      if (isRead && length[m]! < 0) continue;
      if (touched[k] !== t) {
        touched[k] = t;
        firstRead[k] = isRead ? m : NONE;
        isSteady[k] = 1;
        continue;
      }
      const first = firstRead[k]!;
      if (first === NONE) continue;
      if (!isRead) {
        visit(first, m, isSteady[k] === 1);
        firstRead[k] = NONE;
      } else if (value[m] !== value[first] || length[m] !== length[first]) isSteady[k] = 0;
    }
  }
}

class LostUpdates {
  readonly #orders: VersionOrders;
  /** By version, the initial ones included: the first read of the first who updated it. */
  readonly #first: Int32Array;
  /** Of those that came after a first: version, read, version, read … */
  readonly #others: number[] = [];

  constructor(orders: VersionOrders) {
    this.#orders = orders;
    this.#first = new Int32Array(orders.versions.length + orders.known.length).fill(NONE);
  }

  add(read: number): void {
    const { transactions, start } = this.#orders;
    const key = transactions.key[read]!;
    const version = start[key]! + key + versionRead(this.#orders, read);
    if (this.#first[version] === NONE) this.#first[version] = read;
    else this.#others.push(version, read);
  }

  report(collector: Collector): void {
    const { transactionOf } = this.#orders;
    const readsByVersion = new Map<number, number[]>();
    for (let i = 0; i < this.#others.length; i += 2) {
      const version = this.#others[i]!;
      let reads = readsByVersion.get(version);
      if (reads === undefined) readsByVersion.set(version, (reads = [this.#first[version]!]));
      reads.push(this.#others[i + 1]!);
    }
    for (const reads of readsByVersion.values()) {
      if (collector.count("lost-update", transactionOf[reads[0]!]!))
        collector.keep(this.#finding(reads));
    }
  }

  #finding(reads: readonly number[]): Finding {
    const { transactions, transactionOf } = this.#orders;
    const { key, value, length } = transactions;
    const [first, second] = reads as [number, number];
    const appends = reads.map((read) => appendAfter(this.#orders, read));
    const who = [first, second].map((read) => whose(transactions, transactionOf[read]!));
    const more = reads.length > 2 ? ` (and ${reads.length - 2} more)` : "";
    const shown = list(transactions, first, length[first]! - 1);
    const added = appends.slice(0, 2).map((append) => element(transactions, value[append]!));
    return {
      ...{ type: "lost-update", key: key[first]! },
      transactions: reads.map((read) => transactionOf[read]!),
      micros: reads.flatMap((read, i) => [read, appends[i]!]),
      values: appends.map((append) => value[append]!),
      message: `${who.join(" and ")}${more} both read ${shown} of ${whichKey(transactions, key[first]!)} and then appended ${added.join(" and ")}: neither knew of the other's append`,
    };
  }
}

class Cursors {
  readonly #orders: VersionOrders;
  readonly #collector: Collector;
  /** By key: the first read that claims the place after the last version. */
  readonly #claim = new Map<number, number>();
  readonly #contradicted = new Set<number>();

  constructor(orders: VersionOrders, collector: Collector) {
    this.#orders = orders;
    this.#collector = collector;
  }

  get claimed(): ClaimedNext {
    const claims = [...this.#claim].filter(([key]) => !this.#contradicted.has(key));
    return claims.map(([, read]) => read);
  }

  add(firstRead: number, append: number, isSteady: boolean): void {
    const { kind, key } = this.#orders.transactions;
    let claim = NONE;
    for (let read = firstRead; read < append; read++) {
      if (kind[read] !== microKinds.read || key[read] !== key[append]) continue;
      const next = this.#follower(read);
      if (next >= 0) {
        this.#report(read, next);
        return;
      }
      if (next === OPEN) claim = read;
      if (isSteady) break;
    }
    if (claim === NONE) return;
    const before = this.#claim.get(key[append]!);
    if (before === undefined) this.#claim.set(key[append]!, claim);
    else {
      this.#contradicted.add(key[append]!);
      this.#report(claim, appendAfter(this.#orders, before));
    }
  }

  /**
   * The append of somebody else that follows the version which a transaction read; OPEN when its
   * own may be the one, NONE when it is, or when none follows.
   */
  #follower(read: number): number {
    const { transactions, transactionOf, versions, start, known, unread } = this.#orders;
    const key = transactions.key[read]!;
    const t = transactionOf[read]!;
    const version = versionRead(this.#orders, read);
    if (version === known[key]! + unread[key]!) return NONE;
    const next = versions[start[key]! + version]!;
    if (version < known[key]!) return transactionOf[next] === t ? NONE : next;
    return unreadAppendOf(this.#orders, key, t) === NONE ? next : OPEN;
  }

  #report(read: number, next: number): void {
    if (this.#collector.count("G-cursor", this.#orders.transactionOf[read]!)) {
      this.#collector.keep(cursorFinding(this.#orders, read, next));
    }
  }
}

/** The first append of a transaction to the key that it read, after that. */
export function appendAfter({ transactions }: VersionOrders, read: number): number {
  const { kind, key } = transactions;
  let append = read + 1;
  while (kind[append] !== microKinds.append || key[append] !== key[read]) append += 1;
  return append;
}

/** `next` came between a read and the append that follows it in its transaction. */
export function cursorFinding(orders: VersionOrders, read: number, next: number): Finding {
  const { transactions, transactionOf } = orders;
  const { key, value, length } = transactions;
  const t = transactionOf[read]!;
  const other = transactionOf[next]!;
  const append = appendAfter(orders, read);
  const shown = list(transactions, read, length[read]! - 1);
  const [added, between] = [append, next].map((a) => element(transactions, value[a]!));
  return {
    ...{ type: "G-cursor", key: key[read]!, transactions: [t, other] },
    ...{ micros: [read, next, append], values: [value[next]!, value[append]!] },
    message: `${whose(transactions, t)} read ${shown} of ${whichKey(transactions, key[read]!)} and then appended ${added}, but ${between} of ${whose(transactions, other)} came in between`,
  };
}
