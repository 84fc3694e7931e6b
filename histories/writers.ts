/**
 * Which micro-operation wrote a value to a key first: every one may be written only once. A hash
 * table of micro-operations, open addressing with double hashing, O(1) on average.
 *
 * Ids of values mostly count up as a history goes on, and mostly each value is written to one key
 * alone. So the first place that is tried is the id itself: the table then fills in order, which
 * caches like. All further places are spread by key and value.
 */

import type { GrowingTransactions } from "./growing-transactions.js";

const FREE = -1;

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
    let slot = value & mask;
    let hash = 0;
    for (let other = 0; (other = slots[slot]!) !== FREE; ) {
      if (values[other] === value && keys[other] === key) break;
      if (hash === 0) {
        hash = Math.imul(Math.imul(key, 0x85ebca6b) ^ value, 0x9e3779b1);
        hash ^= hash >>> 15;
        slot = hash & mask;
        // An odd step comes by every slot.
        hash = Math.imul(hash, 0xc2b2ae35) | 1;
        hash ^= (hash >>> 16) & -2;
      } else slot = (slot + hash) & mask;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(FREE);
    for (const micro of old) if (micro !== FREE) this.#slots[this.#slot(micro)] = micro;
  }
}
