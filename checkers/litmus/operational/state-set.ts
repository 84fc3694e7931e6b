/**
 * A set of states, each a few 32-bit words, in the order in which they came: at once the visited set
 * and the queue of a search. Open addressing over typed arrays, so that a million states cost no
 * objects.
 */

const CAPACITY_MIN = 256;

export class StateSet {
  size = 0;
  /** State i is at words [i * width, (i + 1) * width). */
  states: Int32Array;
  readonly #width: number;
  #slots: Int32Array;

  constructor(width: number) {
    this.#width = width;
    this.states = new Int32Array(CAPACITY_MIN * width);
    this.#slots = new Int32Array(CAPACITY_MIN * 2);
  }

  /** Adds the state unless it is there. */
  add(state: Int32Array): void {
    const width = this.#width;
    const mask = this.#slots.length - 1;
    let slot = hash(state, 0, width) & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#same(state, (found - 1) * width)) return;
      slot = (slot + 1) & mask;
    }
    const { size } = this;
    if ((size + 1) * width > this.states.length) {
      const grown = new Int32Array(this.states.length * 2);
      grown.set(this.states);
      this.states = grown;
    }
    this.states.set(state, size * width);
    this.size = size + 1;
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
  }

  #same(state: Int32Array, base: number): boolean {
    const { states } = this;
    for (let i = 0; i < state.length; i++) if (state[i] !== states[base + i]) return false;
    return true;
  }

  #rehash(): void {
    const width = this.#width;
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < this.size; i++) {
      let slot = hash(this.states, i * width, width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
    this.#slots = slots;
  }
}

/** The finaliser of MurmurHash3, word by word. */
function hash(words: Int32Array, from: number, width: number): number {
  let mixed = 0x9e3779b9 | 0;
  for (let i = from; i < from + width; i++) {
    mixed = Math.imul(mixed ^ words[i]!, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed;
}
