/**
 * An order of steps that is built from the outside in: each element's steps go, one after another,
 * into a single gap between steps that are already there.
 *
 * Every step has an instant, and instants never decrease along the order, so it respects real time
 * as soon as each step's instant is one of its own. Near O(1) per step.
 */

import { InstantSet } from "./instants.js";

const NONE = -1;

export class Arrangement {
  readonly #occupied: InstantSet;
  /** Per instant, the last step there so far. */
  readonly #lastAt: Int32Array;
  readonly #next: Int32Array;
  readonly #instantOf: Int32Array;
  #first = NONE;
  #length = 0;
  /** The open gap: after this step, at or after `#left` and at or before `#right`. */
  #cursor = NONE;
  #left = NONE;
  #right: number;

  constructor(
    readonly instants: number,
    steps: number,
  ) {
    this.#occupied = new InstantSet(instants);
    this.#lastAt = new Int32Array(instants);
    this.#next = new Int32Array(steps).fill(NONE);
    this.#instantOf = new Int32Array(steps);
    this.#right = instants;
  }

  /**
   * Opens the gap after everything before instant `from`. No step may be at an instant from `from`
   * up to `to` - 1; the gap ends at the first step at `to` or later.
   */
  open(from: number, to: number): void {
    this.#left = this.#occupied.before(from);
    this.#cursor = this.#left === NONE ? NONE : this.#lastAt[this.#left]!;
    const right = this.#occupied.from(to);
    this.#right = right === NONE ? this.instants : right;
  }

  /** The step right before the gap, or -1, and its instant, or -1. */
  get previous(): number {
    return this.#cursor;
  }

  get left(): number {
    return this.#left;
  }

  /** The instant nearest to `at` within the gap. */
  within(at: number): number {
    return Math.min(Math.max(at, this.#left), this.#right);
  }

  /** Appends to the gap; `at` is within it, and not before what was appended last. */
  place(step: number, at: number): void {
    if (this.#cursor === NONE) {
      this.#next[step] = this.#first;
      this.#first = step;
    } else {
      this.#next[step] = this.#next[this.#cursor]!;
      this.#next[this.#cursor] = step;
    }
    this.#cursor = step;
    this.#length += 1;
    this.#instantOf[step] = at;
    if (at === this.#right) return;
    this.#occupied.add(at);
    this.#lastAt[at] = step;
  }

  instantOf(step: number): number {
    return this.#instantOf[step]!;
  }

  order(): Int32Array {
    const order = new Int32Array(this.#length);
    let place = 0;
    for (let step = this.#first; step !== NONE; step = this.#next[step]!) order[place++] = step;
    return order;
  }
}
