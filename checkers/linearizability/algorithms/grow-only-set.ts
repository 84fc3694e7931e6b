/**
 * A set that only grows, read as a whole: decided without search.
 *
 * The reads must form a chain under inclusion, and the chain fixes the order: the adds of the
 * elements that first appear in a read come before it and after the smaller reads. Of several adds
 * of one element the first invoked is the one that counts; the others come at any later moment, so
 * that none of them may have returned before. Completed adds of what nobody read come last. A
 * pending add took effect iff its element was read. O(n + total length of the distinct reads).
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { END, Groups, type Inversion } from "./forced-order.js";
import { ABSENT, IdTable } from "./id-table.js";
import { distinct, inOrderOf } from "./positions.js";

const ADD = 0;

/** `view` holds adds and reads. */
export function examineGrowOnlySet(view: ObjectView): Finding {
  const set = new GrowOnlySet(view);
  const conflict = set.findChain();
  if (conflict !== undefined) return { valid: false, core: set.core(conflict, conflict) };
  const inversion = set.place();
  if (inversion === undefined) return { valid: true };
  const { early, late } = inversion;
  return { valid: false, core: set.core([early, late], set.witnesses(inversion)) };
}

export function linearizeGrowOnlySet(view: ObjectView): Int32Array {
  const set = new GrowOnlySet(view);
  set.findChain();
  set.place();
  return set.order();
}

class GrowOnlySet {
  /** Elements, initial ones first, counted from 0. */
  readonly #numberOf: IdTable;
  #elements = 0;
  readonly #initial: number;
  /** Per element, its adds. */
  readonly #adds: Groups;
  /** Reads by the length of their lists. */
  readonly #reads: Groups;
  /** One read of each distinct list, the smaller first. */
  readonly #chain: number[] = [];
  /** Per element, the first read of the chain that has it; NOWHERE when none has. */
  readonly #firstRead: Int32Array;
  /** Operations in the order of the chain, and the moments at which they take effect. */
  readonly #placed: Int32Array;
  #placedCount = 0;
  readonly #moments: Int32Array;

  constructor(private readonly view: ObjectView) {
    const { size, f, input, values, init } = view;
    this.#numberOf = new IdTable(view);
    for (const element of values.elements(init)) this.#number(element);
    this.#initial = this.#elements;
    for (let i = 0; i < size; i++) if (f[i] === ADD) this.#number(input[i]!);
    this.#adds = new Groups(this.#elements, size);
    this.#reads = new Groups(this.#elements + 1, size);
    this.#firstRead = new Int32Array(this.#elements).fill(NOWHERE);
    this.#placed = new Int32Array(size);
    this.#moments = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      if (f[i] === ADD) this.#adds.add(this.#numberOf.get(input[i]!), i);
    }
  }

  #number(element: number): void {
    if (this.#numberOf.get(element) === ABSENT) this.#numberOf.set(element, this.#elements++);
  }

  #listed(read: number): Int32Array {
    return this.view.values.elements(this.view.output[read]!);
  }

  /** Reads that cannot be, whatever the order; undefined when all are a chain. */
  findChain(): number[] | undefined {
    const { size, f, output } = this.view;
    const known = new IdTable(this.view);
    const marks = new Int32Array(this.#elements).fill(NOWHERE);
    const lists = new Groups(this.#elements + 1, size);
    for (let i = 0; i < size; i++) {
      if (f[i] === ADD) continue;
      const { length } = this.#listed(i);
      if (known.get(output[i]!) === ABSENT) {
        if (!this.#isPossible(i, marks)) return [i];
        known.set(output[i]!, i);
        lists.add(length, i);
      }
      this.#reads.add(length, i);
    }
    for (let length = this.#initial; length <= this.#elements; length++) {
      for (let read = lists.first(length); read !== END; read = lists.next(read)) {
        const smaller = this.#chain.at(-1);
        if (smaller !== undefined && !this.#includes(read, smaller, marks)) return [smaller, read];
        this.#chain.push(read);
      }
    }
    return undefined;
  }

  /** A list of known elements, each once, the initial ones among them. */
  #isPossible(read: number, marks: Int32Array): boolean {
    const { output, values } = this.view;
    if (output[read] !== NULL_ID && !values.isList(output[read]!)) return false;
    const listed = this.#listed(read);
    let initial = 0;
    for (let n = 0; n < listed.length; n++) {
      const number = this.#numberOf.get(listed[n]!);
      if (number === ABSENT || marks[number] === read) return false;
      marks[number] = read;
      if (number < this.#initial) initial += 1;
    }
    return initial === this.#initial;
  }

  #includes(larger: number, smaller: number, marks: Int32Array): boolean {
    const mark = this.view.size + larger;
    const above = this.#listed(larger);
    for (let n = 0; n < above.length; n++) marks[this.#numberOf.get(above[n]!)] = mark;
    const below = this.#listed(smaller);
    for (let n = 0; n < below.length; n++) {
      if (marks[this.#numberOf.get(below[n]!)] !== mark) return false;
    }
    return true;
  }

  /**
   * Gives every operation its moment: as early as the chain allows. Adds of initial elements may
   * come at any moment. Call it when the reads are a chain.
   */
  place(): Inversion | undefined {
    const { size, f, input, invoked, completed } = this.view;
    let reached = -1;
    let early = -1;
    const advance = (operation: number): void => {
      if (invoked[operation]! <= reached) return;
      reached = invoked[operation]!;
      early = operation;
    };
    for (let start = 0, end = 0; start < this.#chain.length; start = end) {
      const listed = this.#listed(this.#chain[start]!);
      // Lists of the same length have the same elements.
      while (end < this.#chain.length && this.#listed(this.#chain[end]!).length === listed.length) {
        end += 1;
      }
      const late = this.#placeNew(listed, start, reached);
      if (late !== NOWHERE) return { early, late };
      for (let n = 0; n < listed.length; n++) {
        const number = this.#numberOf.get(listed[n]!);
        if (number >= this.#initial && this.#firstRead[number] === start) {
          advance(this.#adds.first(number));
        }
      }
      const before = reached;
      for (let r = this.#reads.first(listed.length); r !== END; r = this.#reads.next(r)) {
        if (completed[r]! < before) return { early, late: r };
        this.#placeAt(r, Math.max(before, invoked[r]!));
      }
      for (let r = this.#reads.first(listed.length); r !== END; r = this.#reads.next(r)) advance(r);
    }
    for (let i = 0; i < size; i++) {
      if (f[i] !== ADD || completed[i] === PENDING) continue;
      const number = this.#numberOf.get(input[i]!);
      if (number >= this.#initial && this.#firstRead[number] !== NOWHERE) continue;
      const earliest = number < this.#initial ? -1 : reached;
      if (completed[i]! < earliest) return { early, late: i };
      this.#placeAt(i, Math.max(earliest, invoked[i]!));
    }
    return undefined;
  }

  /** Places the adds of the elements that no smaller read has; returns one that comes too late. */
  #placeNew(listed: Int32Array, place: number, reached: number): number {
    const { invoked, completed } = this.view;
    for (let n = 0; n < listed.length; n++) {
      const number = this.#numberOf.get(listed[n]!);
      if (number < this.#initial || this.#firstRead[number] !== NOWHERE) continue;
      this.#firstRead[number] = place;
      const first = this.#adds.first(number);
      const added = Math.max(reached, invoked[first]!);
      for (let add = first; add !== END; add = this.#adds.next(add)) {
        if (completed[add]! < reached) return add;
        const counts = add === first || completed[add] !== PENDING;
        if (counts) this.#placeAt(add, Math.max(added, invoked[add]!));
      }
    }
    return NOWHERE;
  }

  #placeAt(operation: number, moment: number): void {
    this.#placed[this.#placedCount++] = operation;
    this.#moments[operation] = moment;
  }

  order(): Int32Array {
    return inOrderOf(this.#moments, this.#placed.subarray(0, this.#placedCount));
  }

  /** The reads that put `early` before `late`. */
  witnesses({ early, late }: Inversion): number[] {
    const { f, input } = this.view;
    const reads = [early, late].filter((operation) => f[operation] !== ADD);
    if (reads.length > 0) return reads;
    return [this.#chain[this.#firstRead[this.#numberOf.get(input[early]!)]!]!];
  }

  /** The contradiction, and the first add of every element that its reads returned. */
  core(contradiction: readonly number[], reads: readonly number[]): number[] {
    const core = new Set([...contradiction, ...reads]);
    for (const read of reads) {
      for (const element of this.#listed(read)) {
        const number = this.#numberOf.get(element);
        const add = number === ABSENT ? END : this.#adds.first(number);
        if (add !== END) core.add(add);
      }
    }
    return distinct(core);
  }
}

const NOWHERE = -1;
