/**
 * How many intervals cover each instant, while intervals are removed: finds the instants that at
 * most one covers, and that one.
 *
 * A segment tree of minima, each node relative to its parent, updated from the leaves upwards; who
 * covers an instant is the exclusive or of the intervals over it, kept in the same nodes (the one
 * interval left is what is left of it). O(log instants) per removal and per instant taken.
 */

/** Deeper than any number of intervals: an instant that was taken out. */
const GONE = 1 << 29;

export class Depths {
  /** Of the instant that `next` returned last. */
  depth = 0;
  /** The interval that alone covers it, when the depth is 1. */
  sole = 0;
  readonly #leaves: number;
  readonly #least: Int32Array;
  readonly #over: Int32Array;

  /** Interval i covers from[i]..to[i]: nothing when the first is the later. */
  constructor(instants: number, from: Int32Array, to: Int32Array) {
    let leaves = 2;
    while (leaves < instants + 2) leaves *= 2;
    const least = new Int32Array(2 * leaves).fill(GONE);
    const over = new Int32Array(2 * leaves);
    const step = new Int32Array(instants + 1);
    const toggle = new Int32Array(instants + 1);
    for (let i = 0; i < from.length; i++) {
      if (from[i]! > to[i]!) continue;
      step[from[i]!]! += 1;
      step[to[i]! + 1]! -= 1;
      toggle[from[i]!]! ^= i;
      toggle[to[i]! + 1]! ^= i;
    }
    let depth = 0;
    let covering = 0;
    for (let at = 0; at < instants; at++) {
      depth += step[at]!;
      covering ^= toggle[at]!;
      // The first and the last leaf stay free: they bound the ranges of removals.
      least[leaves + 1 + at] = depth;
      over[leaves + 1 + at] = covering;
    }
    for (let node = leaves - 1; node >= 1; node--) {
      const left = least[2 * node]!;
      const right = least[2 * node + 1]!;
      const both = left < right ? left : right;
      least[node] = both;
      least[2 * node] = left - both;
      least[2 * node + 1] = right - both;
    }
    this.#leaves = leaves;
    this.#least = least;
    this.#over = over;
  }

  /** Takes out an instant covered at most once, and returns it; -1 when there is none. */
  next(): number {
    const least = this.#least;
    const over = this.#over;
    this.depth = least[1]!;
    if (this.depth > 1) return -1;
    let node = 1;
    let covering = over[1]!;
    while (node < this.#leaves) {
      node *= 2;
      if (least[node] !== 0) node += 1;
      covering ^= over[node]!;
    }
    this.sole = covering;
    least[node]! += GONE;
    this.#settleAbove(node >> 1);
    return node - this.#leaves - 1;
  }

  /** Removes interval i, which covers from..to, from <= to. */
  remove(i: number, from: number, to: number): void {
    const least = this.#least;
    const over = this.#over;
    let left = from + this.#leaves;
    let right = to + this.#leaves + 2;
    while ((left ^ right) !== 1) {
      if ((left & 1) === 0) {
        least[left + 1]! -= 1;
        over[left + 1]! ^= i;
      }
      if ((right & 1) === 1) {
        least[right - 1]! -= 1;
        over[right - 1]! ^= i;
      }
      left >>= 1;
      right >>= 1;
      this.#settle(left);
      this.#settle(right);
    }
    this.#settleAbove(left >> 1);
  }

  /** Moves what both children have in common up to their parent; false when that is nothing. */
  #settle(node: number): boolean {
    const least = this.#least;
    const left = least[2 * node]!;
    const right = least[2 * node + 1]!;
    const both = left < right ? left : right;
    if (both === 0) return false;
    least[2 * node] = left - both;
    least[2 * node + 1] = right - both;
    least[node]! += both;
    return true;
  }

  #settleAbove(node: number): void {
    while (node >= 1 && this.#settle(node)) node >>= 1;
  }
}
