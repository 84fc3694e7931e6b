/**
 * A number for some of the ids of a value table: an array where the view is about as big as the
 * table, a Map where the view is one of many small objects that share it.
 */

import type { ObjectView } from "../view.js";

export const ABSENT = -1;

/** The array pays while the table has at most this many values per operation. */
const SPREAD_MAX = 8;

export class IdTable {
  readonly #dense: Int32Array | undefined;
  readonly #sparse = new Map<number, number>();

  constructor({ size, values }: ObjectView) {
    if (values.size <= (size + 8) * SPREAD_MAX)
      this.#dense = new Int32Array(values.size).fill(ABSENT);
  }

  get(id: number): number {
    return this.#dense === undefined ? (this.#sparse.get(id) ?? ABSENT) : this.#dense[id]!;
  }

  set(id: number, number: number): void {
    if (this.#dense === undefined) this.#sparse.set(id, number);
    else this.#dense[id] = number;
  }
}
