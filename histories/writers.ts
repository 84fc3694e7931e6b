/**
 * Which micro-operation wrote a value to a key first: every one may be written only once. A hash
 * table of micro-operations, open addressing, O(1) on average.
 *
 * Values that are written one after another to one key mostly have neighbouring ids: they share a
 * cache line, and the step between the places for one write takes each to a line of its own, so
 * that full lines do not make long runs.
 */

import type { GrowingTransactions } from "./growing-transactions.js";

const FREE = -1;
const LINE_BITS = 4;
const LINE_MASK = (1 << LINE_BITS) - 1;
const STEP = (1 << LINE_BITS) + 1;

export class Writers {
  readonly #columns: Pick<GrowingTransactions, "key" | "value">;
  #slots = new Int32Array(128).fill(FREE);
  #count = 0;

  constructor(columns: Pick<GrowingTransactions, "key" | "value">) {
    this.#columns = columns;
  }

  /** Notes a micro-operation that writes; the earlier one that did, if there is one, or -1. */
  add(micro: number): number {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#slot(micro);
    const earlier = this.#slots[slot]!;
    if (earlier !== FREE) return earlier;
    this.#slots[slot] = micro;
    this.#count += 1;
    return FREE;
  }

  #slot(micro: number): number {
    const { key: keys, value: values } = this.#columns;
    const slots = this.#slots;
    const key = keys[micro]!;
    const value = values[micro]!;
    const mask = slots.length - 1;
    const hash = Math.imul(Math.imul(key, 0x85ebca6b) ^ (value >>> LINE_BITS), 0x9e3779b1);
    let slot = (((hash ^ (hash >>> 15)) << LINE_BITS) | (value & LINE_MASK)) & mask;
    for (let other = 0; (other = slots[slot]!) !== FREE; slot = (slot + STEP) & mask) {
      if (values[other] === value && keys[other] === key) break;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(FREE);
    for (const micro of old) if (micro !== FREE) this.#slots[this.#slot(micro)] = micro;
  }
}
