/**
 * What an algorithm for one type of object offers: a verdict without search, where its rule
 * applies, and the proof of it.
 */

import type { ObjectView } from "./view.js";

export type Finding =
  | { valid: true }
  /**
   * `core` lists operations of the view that already contradict each other, together with what they
   * imply: restricted to them (and to the operations whose values they return) the history is still
   * not linearizable.
   */
  | { valid: false; core: number[] }
  /** The rule does not cover this history: another algorithm has to decide. */
  | { valid: "not-applicable"; why: string };

export interface Algorithm {
  /** As verdicts report it: "zones", "queue monitor" … */
  name: string;
  /** In n operations: "n log n". */
  complexity: string;
  /** The paper or the argument. */
  source: string;
  examine(view: ObjectView): Finding;
  /**
   * A linearization of a view that `examine` found valid: operations of the view in an order that
   * respects real time and that the object could have executed. Holds every completed operation
   * and those pending ones that must have taken effect.
   */
  linearize(view: ObjectView): Int32Array;
}
