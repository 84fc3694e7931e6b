/**
 * A relation read by an automaton: the graph whose nodes are (node, state of the automaton), and
 * after these the barriers if real time counts. Its cycles are the closed walks of the automaton's
 * class. Nothing of it is stored but where each barrier's transactions begin.
 */

import type { RelationOrder } from "../dependencies.js";
import { edgeKinds } from "../dependencies.js";
import { type Automaton, KIND_BITS, REJECT } from "./automaton.js";
import { NONE, type Relation } from "./relation.js";

export class StateGraph {
  readonly states: number;
  /** The first barrier. */
  readonly #walks: number;
  /** By barrier: the first transaction that begins there or later. */
  readonly #first: Int32Array;

  constructor(
    readonly relation: Relation,
    readonly automaton: Automaton,
    readonly order: RelationOrder,
  ) {
    this.#walks = relation.nodes << automaton.shift;
    if (order !== "realtime") {
      this.states = this.#walks;
      this.#first = new Int32Array(0);
      return;
    }
    const { barriers, begin, size } = relation;
    this.states = this.#walks + barriers + 1;
    this.#first = new Int32Array(barriers + 2).fill(size);
    for (let t = size - 1; t >= 0; t--) this.#first[begin[t]!] = t;
    for (let k = barriers; k >= 0; k--)
      this.#first[k] = Math.min(this.#first[k]!, this.#first[k + 1]!);
  }

  isBarrier(x: number): boolean {
    return x >= this.#walks;
  }

  nodeOf(x: number): number {
    return x >> this.automaton.shift;
  }

  /** An upper bound. */
  degree(x: number): number {
    const { relation } = this;
    if (x >= this.#walks) {
      const barrier = x - this.#walks;
      return 1 + this.#first[barrier + 1]! - this.#first[barrier]!;
    }
    const node = x >> this.automaton.shift;
    const edges = relation.start[node + 1]! - relation.start[node]!;
    return node < relation.size && this.order !== "data" ? edges + 1 : edges;
  }

  /** The i-th successor, or NONE: not every place has one. */
  successor(x: number, i: number): number {
    const { relation, automaton } = this;
    if (x >= this.#walks) return this.#afterBarrier(x - this.#walks, i);
    const { shift, step } = automaton;
    const node = x >> shift;
    const row = (x & ((1 << shift) - 1)) << KIND_BITS;
    const e = relation.start[node]! + i;
    if (e < relation.start[node + 1]!) {
      const state = step[row | relation.kind[e]!]!;
      return state === REJECT ? NONE : (relation.target[e]! << shift) | state;
    }
    if (this.order === "realtime") {
      const barrier = relation.end[node]!;
      return barrier > relation.barriers ? NONE : this.#walks + barrier;
    }
    const next = relation.next[node]!;
    return next === NONE ? NONE : (next << shift) | step[row | edgeKinds.process]!;
  }

  #afterBarrier(barrier: number, i: number): number {
    const { relation, automaton } = this;
    if (i === 0) return barrier === relation.barriers ? NONE : this.#walks + barrier + 1;
    const t = this.#first[barrier]! + i - 1;
    return relation.present[t] === 0
      ? NONE
      : (t << automaton.shift) | automaton.step[edgeKinds.realtime]!;
  }
}
