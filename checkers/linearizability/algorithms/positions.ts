/**
 * Operations in the order of one of their events: by counting where the positions lie close
 * together, by sorting where they are few and far between, as in a history of many objects.
 */

import { PENDING } from "../../../histories/columns.js";
import type { ObjectView } from "../view.js";

/** Counting pays while there are at most this many positions per operation. */
const SPREAD_MAX = 8;

/** The completed operations, in order of completion. O(n), or O(n log n) for scattered ones. */
export function byCompletion({ size, completed }: ObjectView): Int32Array {
  const done = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; i++) if (completed[i] !== PENDING) done[count++] = i;
  return inOrderOf(completed, done.subarray(0, count));
}

/** `items` in ascending order of `positions[item]`; equal ones stay as they were. */
export function inOrderOf(positions: Int32Array, items: Int32Array): Int32Array {
  let low = PENDING;
  let high = -1;
  for (let n = 0; n < items.length; n++) {
    const position = positions[items[n]!]!;
    if (position < low) low = position;
    if (position > high) high = position;
  }
  const span = high - low + 1;
  if (span > items.length * SPREAD_MAX) return sortedBy(positions, items, low);
  const starts = new Int32Array(Math.max(span, 0) + 1);
  for (let n = 0; n < items.length; n++) starts[positions[items[n]!]! - low + 1]! += 1;
  for (let at = 0; at < span; at++) starts[at + 1]! += starts[at]!;
  const ordered = new Int32Array(items.length);
  for (let n = 0; n < items.length; n++) {
    const item = items[n]!;
    ordered[starts[positions[item]! - low]!++] = item;
  }
  return ordered;
}

/** Position and place packed into one number: exact, because 2^31 positions times 2^22 items fit. */
function sortedBy(positions: Int32Array, items: Int32Array, low: number): Int32Array {
  const { length } = items;
  const packed = new Float64Array(length);
  for (let n = 0; n < length; n++) packed[n] = (positions[items[n]!]! - low) * length + n;
  packed.sort();
  const ordered = new Int32Array(length);
  for (let n = 0; n < length; n++) ordered[n] = items[packed[n]! % length]!;
  return ordered;
}

/** Operations in order of invocation, each once. */
export function distinct(operations: Iterable<number>): number[] {
  const sorted = Int32Array.from(operations).sort();
  return Array.from(sorted.filter((operation, n) => operation !== sorted[n - 1]));
}
