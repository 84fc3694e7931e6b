/**
 * Which reads missed an append of what their transaction knew of: of those that an earlier read
 * showed, that any read showed, or that are in the causal past (over observations).
 *
 * For each key with suspicious reads, the highest version that is known of is carried along a
 * sequence that agrees with the observations, from the first version that such a read missed up to
 * that reader. As lists are prefixes of each other, what was behind a version of a key is behind the
 * next one, too: so it is kept by version, and a read costs one look. Keys whose intervals do not
 * overlap share a column; as many keys as there are columns are carried at once.
 * O(micro-operations in the intervals * columns), counted as steps. After AWDIT (Møldrup,
 * Pavlogiannis, PLDI 2025) and Plume (Liu et al., OOPSLA 2024), with versions in place of sessions.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import { doubled } from "../../../histories/values.js";
import type { VisibilityLevel } from "../findings.js";
import type { Arrangement } from "./arrangement.js";
import { eachMissed } from "./missed.js";
import { foreignVersion, NO_VERSION, type VersionOrders } from "./version-orders.js";

const NONE = -1;
const COLUMNS_MAX = 16;
/** Numbers kept at once, unless one column takes more. */
const CELLS_MAX = 1 << 25;

/** A part of the sequence in which reads of a key may have missed something. */
interface Interval {
  key: number;
  from: number;
  to: number;
}

/** What is carried at once: in each column, intervals one after another. */
interface Pass {
  columns: number;
  intervals: { interval: Interval; column: number }[];
}

/** Those of the suspicious reads, in order, or "unknown" when the steps do not suffice and none was found. */
export function readsThatMissed(
  orders: VersionOrders,
  arrangement: Arrangement,
  level: VisibilityLevel,
  suspicious: readonly number[],
  steps: number,
): number[] | "unknown" {
  const violations: number[] = [];
  let left = steps;
  for (const pass of passesOf(orders, intervalsOf(orders, arrangement, suspicious))) {
    left = carry(orders, arrangement, level, pass, left, violations);
    if (left < 0) break;
  }
  if (left < 0 && violations.length === 0) return "unknown";
  return violations.sort((a, b) => a - b);
}

/** In order of their beginnings; those of one key do not overlap. */
function intervalsOf(
  orders: VersionOrders,
  arrangement: Arrangement,
  suspicious: readonly number[],
): Interval[] {
  const { transactions, transactionOf, numberOf } = orders;
  const { place } = arrangement;
  const intervals = suspicious.map((read) => {
    const to = place[transactionOf[read]!]!;
    const interval = { key: transactions.key[read]!, from: to, to };
    eachMissed(orders, arrangement, read, (missed) => {
      interval.from = Math.min(interval.from, place[transactionOf[missed]!]!);
      // Versions stand in order, those that nobody read after all others.
      return numberOf[missed]! > 0;
    });
    return interval;
  });
  intervals.sort((a, b) => a.from - b.from || a.key - b.key);
  const open = new Map<number, Interval>();
  return intervals.filter((interval) => {
    const before = open.get(interval.key);
    if (before === undefined || before.to < interval.from) {
      open.set(interval.key, interval);
      return true;
    }
    before.to = Math.max(before.to, interval.to);
    return false;
  });
}

/** Each interval goes to the first column that is free by then. */
function passesOf(orders: VersionOrders, intervals: readonly Interval[]): Pass[] {
  const affordable = Math.floor(CELLS_MAX / (orders.versions.length + 1));
  const columns = Math.max(1, Math.min(COLUMNS_MAX, affordable, intervals.length));
  const passes: Pass[] = [];
  for (let waiting = intervals; waiting.length > 0; ) {
    const ends = new Int32Array(columns).fill(NONE);
    const pass: Pass = { columns, intervals: [] };
    const later: Interval[] = [];
    for (const interval of waiting) {
      const column = ends.findIndex((end) => end < interval.from);
      if (column === -1) later.push(interval);
      else {
        pass.intervals.push({ interval, column });
        ends[column] = interval.to;
      }
    }
    passes.push(pass);
    waiting = later;
  }
  return passes;
}

/** Adds the reads that missed something; the steps that are left, or less than none. */
function carry(
  orders: VersionOrders,
  { sequence }: Arrangement,
  level: VisibilityLevel,
  { columns, intervals }: Pass,
  steps: number,
  violations: number[],
): number {
  const { from } = orders.transactions;
  const carried = new Carried(orders, level, columns);
  let left = steps;
  let end = NONE;
  for (let place = intervals[0]!.interval.from, next = 0; ; place++) {
    for (; intervals[next]?.interval.from === place; next++) {
      carried.watch(intervals[next]!.interval, intervals[next]!.column);
      end = Math.max(end, intervals[next]!.interval.to);
    }
    if (place > end) {
      if (next === intervals.length) return left;
      place = intervals[next]!.interval.from - 1;
      continue;
    }
    const t = sequence[place]!;
    left -= (from[t + 1]! - from[t]!) * columns;
    if (left < 0) return left;
    carried.visit(t, place, violations);
  }
}

/** By version of all keys, the highest versions of the watched keys that are behind it. */
class Carried {
  readonly #orders: VersionOrders;
  readonly #level: VisibilityLevel;
  readonly #columns: number;
  /** By key: its column, until where, and what is added to its numbers. Later keys of a column have higher ones. */
  readonly #column: Int32Array;
  readonly #to: Int32Array;
  readonly #base: Int32Array;
  /** By column: the next base. */
  readonly #next: Int32Array;
  /** By version, a place in `versions`: its row in `#rows`. */
  readonly #rowOf: Int32Array;
  #rows: Int32Array;
  #rowCount = 0;
  /** What the transaction at hand knows of; and by versions it appends, what is behind those. */
  readonly #known: Int32Array;
  #place = 0;

  constructor(orders: VersionOrders, level: VisibilityLevel, columns: number) {
    const keys = orders.known.length;
    this.#orders = orders;
    this.#level = level;
    this.#columns = columns;
    this.#column = new Int32Array(keys);
    this.#to = new Int32Array(keys).fill(NONE);
    this.#base = new Int32Array(keys);
    this.#next = new Int32Array(columns);
    this.#rowOf = new Int32Array(orders.versions.length).fill(NONE);
    this.#rows = new Int32Array(columns * 1024);
    this.#known = new Int32Array(columns);
  }

  /** From the next visit on, until the end of the interval. */
  watch({ key, to }: Interval, column: number): void {
    this.#column[key] = column;
    this.#to[key] = to;
    this.#base[key] = this.#next[column]!;
    this.#next[column]! += this.#orders.known[key]! + 1;
  }

  /** Transactions are to come in their sequence. */
  visit(t: number, place: number, violations: number[]): void {
    this.#place = place;
    this.#known.fill(0);
    if (this.#orders.transactions.outcome[t] === outcomes.ok) {
      if (this.#level === "monotonic-atomic-view") this.#read(t, true, true, violations);
      else {
        this.#read(t, true, false, violations);
        this.#read(t, false, true, violations);
      }
    }
    if (this.#level !== "causal") this.#known.fill(0);
    this.#append(t);
  }

  /** Judges reads by what is known so far, adds what they show, or both. */
  #read(t: number, adds: boolean, judges: boolean, violations: number[]): void {
    const { transactions, start } = this.#orders;
    const { from, kind, key, length } = transactions;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! < 0) continue;
      const k = key[m]!;
      const isJudged = judges && this.#isWatched(k);
      if (!isJudged && !adds) continue;
      const version = length[m] === 0 ? 0 : foreignVersion(this.#orders, m);
      if (isJudged && this.#known[this.#column[k]!]! > this.#base[k]! + version) violations.push(m);
      if (adds && version > 0) this.#include(this.#known, 0, this.#rowOf[start[k]! + version - 1]!);
    }
  }

  #append(t: number): void {
    const { transactions, numberOf, start } = this.#orders;
    const { from, key } = transactions;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (numberOf[m] === NO_VERSION || !this.#isWatched(key[m]!)) continue;
      const column = this.#column[key[m]!]!;
      const number = this.#base[key[m]!]! + this.#numberOf(m, t);
      this.#known[column] = Math.max(this.#known[column]!, number);
    }
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (numberOf[m]! <= 0) continue;
      const version = start[key[m]!]! + numberOf[m]! - 1;
      const row = this.#rowCount++;
      const cell = row * this.#columns;
      if (cell === this.#rows.length) this.#rows = doubled(this.#rows, Int32Array);
      this.#rows.set(this.#known, cell);
      this.#rowOf[version] = row;
      if (numberOf[m]! > 1) this.#include(this.#rows, cell, this.#rowOf[version - 1]!);
    }
  }

  /** Of an append: unread ones come after the last version, but for whom that is: he is read whole. */
  #numberOf(append: number, t: number): number {
    const { transactions, transactionOf, numberOf, versions, start, known } = this.#orders;
    if (numberOf[append]! > 0) return numberOf[append]!;
    const key = transactions.key[append]!;
    const last = known[key]!;
    if (last > 0 && transactionOf[versions[start[key]! + last - 1]!] === t) return last;
    return last + 1;
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

  #isWatched(key: number): boolean {
    return this.#place <= this.#to[key]!;
  }
}
