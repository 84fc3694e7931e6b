/**
 * A strict partial order of events that grows pair by pair and stays transitively closed, in bits.
 *
 * Asking is O(1), adding a pair O(n · n / 32), copying the same. Litmus tests have some twenty events.
 */
export class Order {
  readonly #size: number;
  readonly #words: number;
  /** Row by row: the events that come after this one. */
  readonly #after: Int32Array;

  constructor(size: number, after?: Int32Array) {
    this.#size = size;
    this.#words = (size + 31) >>> 5;
    this.#after = after ?? new Int32Array(size * this.#words);
  }

  copy(): Order {
    return new Order(this.#size, this.#after.slice());
  }

  has(first: number, second: number): boolean {
    const word = this.#after[first * this.#words + (second >>> 5)] as number;
    return ((word >>> (second & 31)) & 1) === 1;
  }

  /** Puts `first` before `second`; false, and nothing done, where that would close a cycle. */
  add(first: number, second: number): boolean {
    if (first === second || this.has(second, first)) return false;
    if (this.has(first, second)) return true;
    const after = this.#after;
    const words = this.#words;
    for (let event = 0; event < this.#size; event++) {
      if (event !== first && !this.has(event, first)) continue;
      for (let word = 0; word < words; word++) {
        after[event * words + word] =
          (after[event * words + word] as number) | (after[second * words + word] as number);
      }
      const place = event * words + (second >>> 5);
      after[place] = (after[place] as number) | (1 << (second & 31));
    }
    return true;
  }
}
