/**
 * Whether a read missed an append of its causal past: of a transaction from which observations lead
 * to the reader, directly or over others.
 *
 * For each key with suspicious reads, the highest version in the causal past of every transaction is
 * carried along a sequence that agrees with the observations, from the first version that any of
 * these reads missed up to the last such reader. As lists are prefixes of each other, what is behind
 * a version of a key is behind the next one, too: so it is kept by version, and a read costs one
 * look. Keys whose intervals do not overlap share a column; as many keys as there are columns are
 * carried at once. O(micro-operations in the intervals * columns), counted as steps.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import { doubled } from "../../../histories/values.js";
import { HarnessError } from "../../../src/base/errors.js";
import { FINDINGS_SHOWN_MAX, type Finding } from "../findings.js";
import type { Arrangement } from "./arrangement.js";
import { element, list, whichKey, whose } from "./describe.js";
import { eachMissed } from "./missed.js";
import type { Proofs } from "./proofs.js";
import { foreignVersion, type VersionOrders } from "./version-orders.js";

const NONE = -1;
const NEVER = 0x7fff_ffff;
const COLUMNS_MAX = 16;
/** Numbers kept at once, unless one column takes more. */
const CELLS_MAX = 1 << 25;

/** A key with suspicious reads, and the part of the sequence that matters to them. */
interface Watched {
  key: number;
  from: number;
  to: number;
  reads: number[];
}

/** What is carried at once, in parts of the sequence that do not overlap. */
interface Pass {
  columns: number;
  watched: { key: Watched; column: number }[];
}

export class CausalPast {
  readonly #proofs: Proofs;
  readonly #orders: VersionOrders;
  readonly #arrangement: Arrangement;

  constructor(proofs: Proofs, arrangement: Arrangement) {
    this.#proofs = proofs;
    this.#orders = proofs.orders;
    this.#arrangement = arrangement;
  }

  check(suspicious: readonly number[], steps: number): true | Finding[] | "unknown" {
    const violations: number[] = [];
    let left = steps;
    for (const pass of this.#passes(this.#watched(suspicious))) {
      left = this.#carry(pass, left, violations);
      if (left < 0) break;
    }
    if (violations.length === 0) return left < 0 ? "unknown" : true;
    violations.sort((a, b) => a - b);
    return violations.slice(0, FINDINGS_SHOWN_MAX).map((read) => this.#finding(read));
  }

  #watched(suspicious: readonly number[]): Watched[] {
    const { transactions, transactionOf } = this.#orders;
    const { place } = this.#arrangement;
    const byKey = new Map<number, Watched>();
    for (const read of suspicious) {
      const key = transactions.key[read]!;
      const to = place[transactionOf[read]!]!;
      let watched = byKey.get(key);
      if (watched === undefined) byKey.set(key, (watched = { key, from: to, to, reads: [] }));
      watched.reads.push(read);
      watched.to = Math.max(watched.to, to);
      eachMissed(this.#orders, this.#arrangement, read, (missed) => {
        watched.from = Math.min(watched.from, place[transactionOf[missed]!]!);
        return this.#orders.numberOf[missed]! > 0;
      });
    }
    return [...byKey.values()].sort((a, b) => a.from - b.from || a.key - b.key);
  }

  /** Keys in order of their intervals, each to the first column that is free by then. */
  #passes(watched: readonly Watched[]): Pass[] {
    const affordable = Math.floor(CELLS_MAX / (this.#orders.versions.length + 1));
    const columns = Math.max(1, Math.min(COLUMNS_MAX, affordable, watched.length));
    const passes: Pass[] = [];
    for (let waiting = watched; waiting.length > 0; ) {
      const ends = new Int32Array(columns).fill(NONE);
      const pass: Pass = { columns, watched: [] };
      const later: Watched[] = [];
      for (const key of waiting) {
        const column = ends.findIndex((end) => end < key.from);
        if (column === -1) later.push(key);
        else {
          pass.watched.push({ key, column });
          ends[column] = key.to;
        }
      }
      passes.push(pass);
      waiting = later;
    }
    return passes;
  }

  /** Adds the reads that missed something; the steps that are left, or less than none. */
  #carry(pass: Pass, steps: number, violations: number[]): number {
    const { from } = this.#orders.transactions;
    const { sequence } = this.#arrangement;
    const carried = new Carried(this.#orders, this.#arrangement, pass);
    let left = steps;
    let next = 0;
    for (const { key } of pass.watched) {
      for (next = Math.max(next, key.from); next <= key.to; next++) {
        const t = sequence[next]!;
        left -= (from[t + 1]! - from[t]!) * pass.columns;
        if (left < 0) return left;
        carried.visit(t, violations);
      }
    }
    return left;
  }

  #finding(read: number): Finding {
    const { transactions, transactionOf } = this.#orders;
    const { key, value, length } = transactions;
    const { missed, path } = this.#pathTo(read);
    const t = transactionOf[read]!;
    const writer = transactionOf[missed]!;
    const proof = this.#proofs.witness(key[read]!, missed);
    const over = path.length - 1;
    const way =
      over === 0
        ? "another effect of that"
        : `an effect of it over ${over === 1 ? "one other" : `${over} others`}`;
    const stale = list(transactions, read, length[read]! - 1);
    return {
      ...{ type: "causal-violation", key: key[read]!, values: [value[missed]!] },
      transactions: [t, ...path.map(({ append }) => transactionOf[append]!)],
      micros: [
        ...[read, missed, ...path.flatMap((hop) => [hop.read, hop.append])],
        ...(proof === undefined ? [] : [proof]),
      ],
      message: `${whose(transactions, t)} read ${stale} of ${whichKey(transactions, key[read]!)} without ${element(transactions, value[missed]!)} of ${whose(transactions, writer)}, although it had seen ${way}`,
    };
  }

  /** A shortest way over observations to a transaction with an append that a read missed. */
  #pathTo(read: number): { missed: number; path: Hop[] } {
    const { transactions, transactionOf, versions, start } = this.#orders;
    const { kind, key, from, length, outcome } = transactions;
    const { place } = this.#arrangement;
    const missedBy = new Map<number, number>();
    let first = NEVER;
    eachMissed(this.#orders, this.#arrangement, read, (append) => {
      const writer = transactionOf[append]!;
      if (!missedBy.has(writer)) missedBy.set(writer, append);
      first = Math.min(first, place[writer]!);
      return false;
    });
    const reader = transactionOf[read]!;
    const hopTo = new Map<number, Hop>();
    const seenOfKey = new Map<number, number>();
    const queue = [reader];
    for (const t of queue) {
      if (outcome[t] !== outcomes.ok) continue;
      for (let m = from[t]!; m < from[t + 1]!; m++) {
        if (kind[m] !== microKinds.read || length[m]! <= 0) continue;
        const k = key[m]!;
        const seen = seenOfKey.get(k) ?? 0;
        const version = foreignVersion(this.#orders, m);
        for (let number = version; number > seen; number--) {
          const append = versions[start[k]! + number - 1]!;
          const writer = transactionOf[append]!;
          if (place[writer]! < first) break;
          if (writer === reader || hopTo.has(writer)) continue;
          hopTo.set(writer, { read: m, append });
          queue.push(writer);
          const missed = missedBy.get(writer);
          if (missed !== undefined) return { missed, path: this.#wayBack(hopTo, reader, writer) };
        }
        if (version > seen) seenOfKey.set(k, version);
      }
    }
    throw new HarnessError("a read that missed its cause has a way to it");
  }

  #wayBack(hopTo: ReadonlyMap<number, Hop>, reader: number, writer: number): Hop[] {
    const path: Hop[] = [];
    for (let t = writer; t !== reader; ) {
      const hop = hopTo.get(t)!;
      path.unshift(hop);
      t = this.#orders.transactionOf[hop.read]!;
    }
    return path;
  }
}

/** A read that observed an append. */
interface Hop {
  read: number;
  append: number;
}

/** The highest versions of the watched keys in the causal past of versions of all keys. */
class Carried {
  readonly #orders: VersionOrders;
  readonly #place: Int32Array;
  readonly #columns: number;
  /** By key: its column or NONE, its interval, and what is added to its versions: later keys of a column have higher numbers. */
  readonly #column: Int32Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #base: Int32Array;
  /** By version, a place in `versions`: its row in `#rows`. */
  readonly #rowOf: Int32Array;
  #rows: Int32Array;
  #rowCount = 0;
  /** Of the transaction at hand. */
  readonly #past: Int32Array;

  constructor(orders: VersionOrders, { place }: Arrangement, { columns, watched }: Pass) {
    const keys = orders.known.length;
    this.#orders = orders;
    this.#place = place;
    this.#columns = columns;
    this.#column = new Int32Array(keys).fill(NONE);
    this.#from = new Int32Array(keys);
    this.#to = new Int32Array(keys);
    this.#base = new Int32Array(keys);
    this.#rowOf = new Int32Array(orders.versions.length).fill(NONE);
    this.#rows = new Int32Array(columns * 1024);
    this.#past = new Int32Array(columns);
    const next = new Int32Array(columns);
    for (const { key, column } of watched) {
      this.#column[key.key] = column;
      this.#from[key.key] = key.from;
      this.#to[key.key] = key.to;
      this.#base[key.key] = next[column]!;
      next[column]! += orders.known[key.key]! + 1;
    }
  }

  /** Transactions are to come in their sequence. */
  visit(t: number, violations: number[]): void {
    this.#past.fill(0);
    if (this.#orders.transactions.outcome[t] === outcomes.ok) this.#read(t, violations);
    this.#write(t);
  }

  #read(t: number, violations: number[]): void {
    const { transactions, start } = this.#orders;
    const { from, kind, key, length } = transactions;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! <= 0) continue;
      const version = foreignVersion(this.#orders, m);
      if (version > 0) this.#include(this.#past, 0, this.#rowOf[start[key[m]!]! + version - 1]!);
    }
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! < 0 || !this.#isWatched(key[m]!, t)) continue;
      const version = foreignVersion(this.#orders, m);
      if (this.#past[this.#column[key[m]!]!]! > this.#base[key[m]!]! + version) violations.push(m);
    }
  }

  #write(t: number): void {
    const { transactions, transactionOf, numberOf, versions, start, known } = this.#orders;
    const { from, key } = transactions;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (numberOf[m]! === 0 || !this.#isWatched(key[m]!, t)) continue;
      const last = known[key[m]!]!;
      // A transaction that wrote the last version is read whole, even if it has unread appends.
      const isLast = last > 0 && transactionOf[versions[start[key[m]!]! + last - 1]!] === t;
      const number = numberOf[m]! > 0 ? numberOf[m]! : isLast ? last : last + 1;
      const column = this.#column[key[m]!]!;
      this.#past[column] = Math.max(this.#past[column]!, this.#base[key[m]!]! + number);
    }
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (numberOf[m]! <= 0) continue;
      const version = start[key[m]!]! + numberOf[m]! - 1;
      const row = this.#rowCount++;
      const cell = row * this.#columns;
      if (cell === this.#rows.length) this.#rows = doubled(this.#rows, Int32Array);
      this.#rows.set(this.#past, cell);
      this.#rowOf[version] = row;
      if (numberOf[m]! > 1) this.#include(this.#rows, cell, this.#rowOf[version - 1]!);
    }
  }

  /** Numbers from `cell` on become the greater ones of those and of a row. */
  #include(numbers: Int32Array, cell: number, row: number): void {
    if (row === NONE) return;
    const rows = this.#rows;
    const other = row * this.#columns;
    for (let c = 0; c < this.#columns; c++) {
      if (rows[other + c]! > numbers[cell + c]!) numbers[cell + c] = rows[other + c]!;
    }
  }

  #isWatched(key: number, t: number): boolean {
    if (this.#column[key] === NONE) return false;
    return this.#place[t]! >= this.#from[key]! && this.#place[t]! <= this.#to[key]!;
  }
}
