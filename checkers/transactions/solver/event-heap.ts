/** A binary heap of events, the smallest rank first, of equal ones the smallest number. */

export class EventHeap {
  readonly #rank: Float64Array;
  #items = new Int32Array(64);
  #size = 0;

  /** By event. */
  constructor(rank: Float64Array) {
    this.#rank = rank;
  }

  get size(): number {
    return this.#size;
  }

  /** Only while there are any. */
  get top(): number {
    return this.#items[0]!;
  }

  push(event: number): void {
    if (this.#size === this.#items.length) {
      const items = new Int32Array(this.#size * 2);
      items.set(this.#items);
      this.#items = items;
    }
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#items[parent]!;
      if (!this.#isBefore(event, above)) break;
      this.#items[at] = above;
      at = parent;
    }
    this.#items[at] = event;
  }

  /** Only while there are any. */
  pop(): number {
    const first = this.#items[0]!;
    const moved = this.#items[--this.#size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(this.#items[child + 1]!, this.#items[child]!))
        child += 1;
      if (!this.#isBefore(this.#items[child]!, moved)) break;
      this.#items[at] = this.#items[child]!;
      at = child;
    }
    this.#items[at] = moved;
    return first;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#rank[a]! - this.#rank[b]!;
    return difference === 0 ? a < b : difference < 0;
  }
}
