/**
 * Which write of a key wrote a value: open addressing over two numbers, so that a million writes take
 * some ten megabytes. O(1) on average.
 */

const FREE = -1;

export class WriterIndex {
  readonly #mask: number;
  readonly #key: Int32Array;
  readonly #value: Int32Array;
  readonly #write: Int32Array;

  /** For at most `writes` of them. */
  constructor(writes: number) {
    let slots = 2;
    while (slots < writes * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#key = new Int32Array(slots);
    this.#value = new Int32Array(slots);
    this.#write = new Int32Array(slots).fill(FREE);
  }

  /** False, and nothing is changed, if there is one of the same key and value. */
  add(key: number, value: number, write: number): boolean {
    const slot = this.#slot(key, value);
    if (this.#write[slot] !== FREE) return false;
    this.#key[slot] = key;
    this.#value[slot] = value;
    this.#write[slot] = write;
    return true;
  }

  /** -1 if nobody did. */
  find(key: number, value: number): number {
    return this.#write[this.#slot(key, value)]!;
  }

  #slot(key: number, value: number): number {
    let hash = Math.imul(key, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 13)) & this.#mask;
    while (this.#write[slot] !== FREE && (this.#key[slot] !== key || this.#value[slot] !== value))
      slot = (slot + 1) & this.#mask;
    return slot;
  }
}
