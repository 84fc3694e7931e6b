/**
 * The order of completion, as a suggestion for walks: a walk that keeps to it visits a write not long
 * before its readers, which keeps few clocks alive. What never completed is left to demand.
 */

import { PENDING } from "../../../histories/columns.js";
import type { Nodes } from "./nodes.js";

/** O(n log n), or linear where it is as recorded. */
export function suggestedOrder({ size, from, accesses: { completed } }: Nodes): Int32Array {
  const keys = new Float64Array(size);
  let count = 0;
  for (let v = 0; v < size; v++) {
    const at = completed[from[v + 1]! - 1]!;
    if (at !== PENDING && at >= 0) keys[count++] = at * size + v;
  }
  const sorted = keys.subarray(0, count).sort();
  return Int32Array.from(sorted, (key) => key % size);
}
