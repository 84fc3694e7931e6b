/**
 * The few instants at which operations need to take effect: those between an invocation and a
 * return that follows it at once.
 *
 * Any moment can be moved later past invocations, up to the next return: the operations open at the
 * first moment are open at the last, too, and whatever was surely going on (between a return and an
 * invocation) at the last was so at the first. So nothing is lost by letting each operation choose
 * from its instants `lo..hi` only, and a precedes b in real time iff `hi[a] < lo[b]`. There are at
 * most as many instants as operations; other objects' events leave no gaps.
 */

import { PENDING } from "../../../histories/columns.js";
import type { ObjectView } from "../view.js";

export interface Instants {
  count: number;
  /**
   * First and last instant per step. Steps are `before` imagined operations, one after another and
   * each alone at its own instant, then those of the view.
   */
  lo: Int32Array;
  hi: Int32Array;
}

/** Positions up to this many times the number of operations are sorted by counting. */
const SPARSE = 32;

/** O(n), or O(n log n) when most events of the history are other objects'. */
export function instantsOf(view: ObjectView, before: number): Instants {
  const { size, invoked, completed } = view;
  const lo = new Int32Array(before + size);
  const hi = new Int32Array(before + size);
  for (let i = 0; i < before; i++) lo[i] = hi[i] = i;
  const returns = inOrderOfReturn(view);
  let count = before;
  let next = 0;
  for (let r = 0; r < returns.length; r++) {
    const i = returns[r]! - 1;
    if (i < 0) continue;
    const at = completed[i]!;
    if (next < size && invoked[next]! < at) {
      while (next < size && invoked[next]! < at) lo[before + next++] = count;
      count += 1;
    }
    hi[before + i] = count - 1;
  }
  if (next < size) {
    while (next < size) lo[before + next++] = count;
    count += 1;
  }
  for (let i = 0; i < size; i++) if (completed[i] === PENDING) hi[before + i] = count - 1;
  return { count, lo, hi };
}

/** Operations that returned, in order, each plus one; with zeros in between. */
function inOrderOfReturn({ size, completed }: ObjectView): Int32Array {
  let latest = -1;
  for (let i = 0; i < size; i++) {
    if (completed[i]! > latest && completed[i] !== PENDING) latest = completed[i]!;
  }
  if (latest <= SPARSE * size) {
    const slots = new Int32Array(latest + 1);
    for (let i = 0; i < size; i++) if (completed[i] !== PENDING) slots[completed[i]!] = i + 1;
    return slots;
  }
  const returned: number[] = [];
  for (let i = 0; i < size; i++) if (completed[i] !== PENDING) returned.push(i + 1);
  return Int32Array.from(returned).sort((a, b) => completed[a - 1]! - completed[b - 1]!);
}

/** `items` in the order of `keyOf[item]`, a number below `keys`, and where each key's items start. */
export function bucketed(
  items: Int32Array,
  keyOf: Int32Array,
  keys: number,
): { sorted: Int32Array; start: Int32Array } {
  const start = new Int32Array(keys + 1);
  for (let i = 0; i < items.length; i++) start[keyOf[items[i]!]! + 1]! += 1;
  for (let key = 0; key < keys; key++) start[key + 1]! += start[key]!;
  const sorted = new Int32Array(items.length);
  const next = start.slice();
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    sorted[next[keyOf[item]!]!++] = item;
  }
  return { sorted, start };
}

/** Instants that nothing covers so far. Near O(1) amortized: union-find over the next free one. */
export class Uncovered {
  readonly #next: Int32Array;

  constructor(readonly count: number) {
    this.#next = new Int32Array(count + 1);
    for (let at = 0; at <= count; at++) this.#next[at] = at;
  }

  /** The first uncovered instant from `at` on; `count` when there is none. */
  from(at: number): number {
    const next = this.#next;
    while (next[at] !== at) {
      const after = next[next[at]!]!;
      next[at] = after;
      at = after;
    }
    return at;
  }

  /** Covers first..last; nothing when first > last. */
  cover(first: number, last: number): void {
    for (let at = this.from(first); at <= last; at = this.from(at)) this.#next[at] = at + 1;
  }
}

/** A growing set of instants that knows its neighbours: bits, and bits over words that hold any. */
export class InstantSet {
  readonly #levels: Int32Array[] = [];

  constructor(count: number) {
    let words = count;
    do {
      words = (words >>> 5) + 1;
      this.#levels.push(new Int32Array(words));
    } while (words > 1);
  }

  add(at: number): void {
    for (const level of this.#levels) {
      const word = at >>> 5;
      const known = level[word]!;
      level[word] = known | (1 << (at & 31));
      if (known !== 0) return;
      at = word;
    }
  }

  /** The first member that is `at` or later; -1 when there is none. */
  from(at: number): number {
    const levels = this.#levels;
    for (let height = 0; height < levels.length; height++) {
      const word = at >>> 5;
      if (word >= levels[height]!.length) return -1;
      const bits = levels[height]![word]! & (-1 << (at & 31));
      if (bits !== 0) {
        let found = (word << 5) + lowestBit(bits);
        while (height-- > 0) found = (found << 5) + lowestBit(levels[height]![found]!);
        return found;
      }
      at = word + 1;
    }
    return -1;
  }

  /** The last member before `at`; -1 when there is none. */
  before(at: number): number {
    const levels = this.#levels;
    for (let height = 0; height < levels.length && at > 0; height++) {
      const word = (at - 1) >>> 5;
      const bits = levels[height]![word]! & (-1 >>> (31 - ((at - 1) & 31)));
      if (bits !== 0) {
        let found = (word << 5) + 31 - Math.clz32(bits);
        while (height-- > 0) found = (found << 5) + 31 - Math.clz32(levels[height]![found]!);
        return found;
      }
      at = word;
    }
    return -1;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
