/**
 * The classes of cycles as rungs of a ladder, the worst first, and which class implies which: G0 is a
 * G1c, G-single-item a G-nonadjacent-item and that a G2-item; what needs fewer orders implies what
 * needs more. Between the two families nothing follows.
 */

import { type CycleForm, edgeKinds, type RelationOrder } from "../dependencies.js";
import { type Automaton, anyEdges, nonadjacentOf, only, singleOf } from "./automaton.js";

/** Places in `CLASSES`. */
export const G0 = 0;
export const G1C = 1;
export const SINGLE = 2;
export const NONADJACENT = 3;
export const G2 = 4;

/** The classes that a form forbids. */
export const RUNGS: Record<CycleForm, readonly number[]> = {
  ww: [G0],
  "ww-wr": [G0, G1C],
  "one-rw": [G0, G1C, SINGLE],
  prefix: [G0, G1C, SINGLE, NONADJACENT],
  snapshot: [G0, G1C, SINGLE, NONADJACENT],
  any: [G0, G1C, SINGLE, NONADJACENT, G2],
};

/** The orders that edges of a cycle may come from, each with those before it. */
export const LEVELS: readonly RelationOrder[] = ["data", "process", "realtime"];

/** Cycles without rw edges, and those with some. */
export const FAMILIES: readonly (readonly number[])[] = [
  [G0, G1C],
  [SINGLE, NONADJACENT, G2],
];

export function familyOf(rung: number): number {
  return rung >= SINGLE ? 1 : 0;
}

/** Walks of a class, as far as a form forbids their cycles. */
export function automatonOf(rung: number, form: CycleForm): Automaton {
  if (rung === G0) return only(edgeKinds.ww);
  if (rung === G1C) return only(edgeKinds.ww | edgeKinds.wr);
  if (rung === SINGLE) return singleOf(form);
  return rung === G2 ? anyEdges : nonadjacentOf(form);
}
