/**
 * When everything but real time is settled: operations whose order follows from what they returned.
 *
 * The order respects real time iff no operation returned before the latest invocation among those
 * ahead of it. Where a group may stand in any order, that of invocation is the best. O(n).
 */

import type { ObjectView } from "../view.js";

/** `late` returned before `early` was invoked, although it comes after it. */
export interface Inversion {
  early: number;
  late: number;
}

export function findInversion(
  { invoked, completed }: ObjectView,
  order: Int32Array,
): Inversion | undefined {
  let reached = -1;
  let early = -1;
  for (let n = 0; n < order.length; n++) {
    const operation = order[n]!;
    if (completed[operation]! < reached) return { early, late: operation };
    if (invoked[operation]! > reached) {
      reached = invoked[operation]!;
      early = operation;
    }
  }
  return undefined;
}

/** Operations by a small number, each group in order of invocation. O(n). */
export class Groups {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;

  constructor(groups: number, size: number) {
    this.#first = new Int32Array(groups).fill(END);
    this.#last = new Int32Array(groups).fill(END);
    this.#next = new Int32Array(size).fill(END);
  }

  /** Operations of a group are to be added in order of invocation. */
  add(group: number, operation: number): void {
    if (this.#first[group] === END) this.#first[group] = operation;
    else this.#next[this.#last[group]!] = operation;
    this.#last[group] = operation;
  }

  /** END when the group is empty. */
  first(group: number): number {
    return this.#first[group]!;
  }

  /** END after the last of its group. */
  next(operation: number): number {
    return this.#next[operation]!;
  }
}

export const END = -1;
