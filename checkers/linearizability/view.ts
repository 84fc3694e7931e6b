/**
 * One object's operations, ready for an algorithm: columns in order of invocation, without what
 * never happened (`fail`) and without pending reads, which nobody saw and which change nothing.
 *
 * Positions are those of the history's events: operation a precedes b in real time iff
 * `completed[a] < invoked[b]`. All positions are different, except PENDING.
 */

import type { ValueTable } from "../../histories/values.js";

export interface ObjectView {
  size: number;
  /** Per operation, its function: a place in the type's list of functions. */
  f: Uint8Array;
  /** Ids in `values`. */
  input: Int32Array;
  output: Int32Array;
  invoked: Int32Array;
  /** PENDING when the operation never returned: it may take effect at any later moment, or never. */
  completed: Int32Array;
  process: Float64Array;
  values: ValueTable;
  /** The value that the object starts with. */
  init: number;
}
