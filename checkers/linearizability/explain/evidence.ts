/**
 * Which operations are evidence for which others: what may leave a history together so that a
 * linearizable history stays linearizable. What is left of an inexplicable history and is still
 * inexplicable then proves the failure of the whole.
 *
 * The argument is the same for every type. Take a linearization L of the whole and leave out of it
 * what was removed. A type states its operations' traces such that every step of the rest is legal
 * still, because whatever decided that step in L is kept:
 *
 * - `fills`: the operation may have put a value where others find it (a slot: a cell of the object,
 *   and the value in it).
 * - `needs`: the operation found such a value. It depends on every operation that fills the slot,
 *   unless real time forbids: it completed before that one was invoked, or the value was surely
 *   overwritten in between (some completed overwrite of the cell was invoked after the filler
 *   completed, and completed before the finder was invoked). The operation that it found in L is
 *   among those it depends on, so it is kept.
 * - `unit`: operations that only make sense together leave together.
 *
 * A pending operation has a trace as if it took effect; if it did not in L, nothing depends on it.
 * A failed one has none: it never happened.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";

export interface Slot {
  cell: string;
  value: string;
}

export interface Trace {
  fills?: Slot;
  needs?: readonly Slot[];
  /** The operation replaced whatever was in its cell (that of `fills`) if it took effect. */
  overwrites?: boolean;
  /** Operations with the same text leave together; those without leave one by one. */
  unit?: string;
  /** The operation never leaves. */
  stays?: boolean;
  /** False when the operation is legal in every state: a history of such operations needs no judge. */
  testifies: boolean;
}

export interface Evidence {
  trace(operation: Operation): Trace;
  /** False where real time does not limit what depends on what. */
  timed: boolean;
  /** Whether the object starts with this slot filled. */
  startsWith(slot: Slot): boolean;
}

/** The evidence in the history of one object; `operations` in order of invocation. */
export type EvidenceOf = (operations: readonly Operation[], init: Json) => Evidence;

/** For operations that leave alone and on which nothing depends. */
export const ALONE: Trace = { testifies: false };
export const WITNESS: Trace = { testifies: true };

export function hasEffect({ outcome }: Operation): boolean {
  return outcome !== "fail";
}

export function isPending({ outcome }: Operation): boolean {
  return outcome === "info";
}
