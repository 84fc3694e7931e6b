/**
 * Items filed under places, and the least of those under later places: a Fenwick tree of minima.
 * O(log places) per call.
 */

const NONE = -1;

export class LeastByPlace {
  readonly #tree: Int32Array;

  /** Items are compared by `rank`. */
  constructor(
    readonly places: number,
    readonly rank: Int32Array,
  ) {
    this.#tree = new Int32Array(places + 1).fill(NONE);
  }

  add(place: number, item: number): void {
    for (let node = place + 1; node > 0; node -= node & -node) {
      const least = this.#tree[node]!;
      if (least === NONE || this.rank[item]! < this.rank[least]!) this.#tree[node] = item;
    }
  }

  /** The least item filed under a place greater than `place`; -1 when there is none. */
  after(place: number): number {
    let least = NONE;
    for (let node = place + 2; node <= this.places; node += node & -node) {
      const item = this.#tree[node]!;
      if (item !== NONE && (least === NONE || this.rank[item]! < this.rank[least]!)) least = item;
    }
    return least;
  }
}
