/** Which accesses wrote a value to a key: a hash table in flat arrays, for a million writes. */

const NONE = -1;

export class WritesByValue {
  /** Per slot its first write; NONE when free. */
  readonly #first: Int32Array;
  /** Per access the next one that wrote the same value to the same key. */
  readonly #next: Int32Array;
  readonly #mask: number;

  /** O(n) on average. */
  constructor(
    private readonly key: Int32Array,
    private readonly written: Int32Array,
    isWrite: (access: number) => boolean,
  ) {
    const size = key.length;
    let slots = 16;
    while (slots < size * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#first = new Int32Array(slots).fill(NONE);
    this.#next = new Int32Array(size).fill(NONE);
    // Backwards, so that the writes of a value come out in the order of the accesses.
    for (let access = size - 1; access >= 0; access--) {
      if (!isWrite(access)) continue;
      const slot = this.#slot(key[access]!, written[access]!);
      this.#next[access] = this.#first[slot]!;
      this.#first[slot] = access;
    }
  }

  /** The first access that wrote the value to the key; -1 without one. */
  first(key: number, value: number): number {
    return this.#first[this.#slot(key, value)]!;
  }

  /** The one after this that wrote the same; -1 without one. */
  next(access: number): number {
    return this.#next[access]!;
  }

  #slot(key: number, value: number): number {
    let slot = (Math.imul(key, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    for (;;) {
      const access = this.#first[slot]!;
      if (access === NONE) return slot;
      if (this.key[access] === key && this.written[access] === value) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
