/**
 * Open operations of one class, to be taken in the order of their deadlines: the one that returns
 * first comes first, those that never return come last.
 *
 * Classes are interchangeable operations. An exchange shows that no other choice does better: where
 * a linearization takes y now and x, which returns earlier, at some later moment, the two can swap.
 * A binary heap, as big as the concurrency; O(log c) per operation.
 */

import { doubled } from "../../../histories/values.js";

export const NONE = -1;

export class EarliestFirst {
  #heap = new Int32Array(64);
  #size = 0;
  #pending = new Int32Array(64);
  #pendingSize = 0;
  #pendingTaken = 0;

  /** `deadlines`: per operation, the position of its return. */
  constructor(private readonly deadlines: Int32Array) {}

  /** An operation that returns. */
  add(operation: number): void {
    if (this.#size === this.#heap.length) this.#heap = doubled(this.#heap, Int32Array);
    const heap = this.#heap;
    const deadline = this.deadlines[operation]!;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.deadlines[heap[parent]!]! <= deadline) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = operation;
  }

  /** An operation that never returns. */
  addPending(operation: number): void {
    if (this.#pendingSize === this.#pending.length) {
      this.#pending = doubled(this.#pending, Int32Array);
    }
    this.#pending[this.#pendingSize++] = operation;
  }

  /** Removes and returns the first; NONE when there is none. */
  take(): number {
    if (this.#size > 0) return this.#takeTop();
    if (this.#pendingTaken < this.#pendingSize) return this.#pending[this.#pendingTaken++]!;
    return NONE;
  }

  #takeTop(): number {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap[--this.#size]!;
    const deadline = this.deadlines[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.deadlines[heap[right]!]! < this.deadlines[heap[child]!]!) {
        child = right;
      }
      if (this.deadlines[heap[child]!]! >= deadline) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
