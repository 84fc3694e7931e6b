/**
 * Relations of events in bits, over memory that is given: what is copied with the rest of a state is
 * copied once.
 */

/** 32-bit words that a relation of `size` events takes. */
export function wordsOf(size: number): number {
  return size * ((size + 31) >>> 5);
}

/** Any relation. O(1). */
export class Pairs {
  readonly #stride: number;

  constructor(
    protected readonly size: number,
    /** Row by row: the events that this one is related to. */
    protected readonly bits: Int32Array,
  ) {
    this.#stride = (size + 31) >>> 5;
  }

  has(first: number, second: number): boolean {
    const word = this.bits[first * this.#stride + (second >>> 5)] as number;
    return ((word >>> (second & 31)) & 1) === 1;
  }

  put(first: number, second: number): void {
    const place = first * this.#stride + (second >>> 5);
    this.bits[place] = (this.bits[place] as number) | (1 << (second & 31));
  }

  /** Relates `first` to all that `second` is related to. */
  protected join(first: number, second: number): void {
    const { bits } = this;
    const stride = this.#stride;
    for (let word = 0; word < stride; word++) {
      const place = first * stride + word;
      bits[place] = (bits[place] as number) | (bits[second * stride + word] as number);
    }
  }
}

/** A strict partial order that stays transitively closed. Asking is O(1), adding O(size · size / 32). */
export class Order extends Pairs {
  /** Puts `first` before `second`; false, and nothing done, where that would close a cycle. */
  add(first: number, second: number): boolean {
    if (first === second || this.has(second, first)) return false;
    if (this.has(first, second)) return true;
    for (let event = 0; event < this.size; event++) {
      if (event !== first && !this.has(event, first)) continue;
      this.join(event, second);
      this.put(event, second);
    }
    return true;
  }
}
