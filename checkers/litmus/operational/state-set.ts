/**
 * A set of states, each a few 31-bit words, in the order in which they came: at once the visited set
 * and the queue of a search. States lie twice in typed arrays, one after the other and in a table with
 * open addressing, so that a million of them cost no objects and a lookup mostly one cache miss.
 */

const CAPACITY_MIN = 256;
/** No state has it: marks a slot that is taken. */
const TAKEN = 1 << 31;

export class StateSet {
  size = 0;
  readonly #width: number;
  /** State i is at words [i * width, (i + 1) * width). */
  #states: Int32Array;
  /** A slot is a state, whose first word bears the mark, and its number. */
  #slots: Int32Array;
  #mask: number;

  constructor(width: number) {
    this.#width = width;
    this.#states = new Int32Array(CAPACITY_MIN * width);
    this.#slots = new Int32Array(CAPACITY_MIN * 2 * (width + 1));
    this.#mask = CAPACITY_MIN * 2 - 1;
  }

  /** The number of the state, which is added unless it is there. */
  add(state: Int32Array): number {
    const width = this.#width;
    const slots = this.#slots;
    const first = state[0]! | TAKEN;
    let slot = hash(state, 0, width) & this.#mask;
    let at = slot * (width + 1);
    for (let found = slots[at]!; found !== 0; found = slots[at]!) {
      if (found === first) {
        let same = 1;
        while (same < width && slots[at + same] === state[same]) same++;
        if (same === width) return slots[at + width]!;
      }
      slot = (slot + 1) & this.#mask;
      at = slot * (width + 1);
    }
    const number = this.size++;
    slots[at] = first;
    for (let i = 1; i < width; i++) slots[at + i] = state[i]!;
    slots[at + width] = number;
    const base = number * width;
    if (base === this.#states.length) this.#grow();
    for (let i = 0; i < width; i++) this.#states[base + i] = state[i]!;
    return number;
  }

  /** Copies state i out. */
  read(i: number, into: Int32Array): void {
    const base = i * this.#width;
    for (let word = 0; word < into.length; word++) into[word] = this.#states[base + word]!;
  }

  /** Room for twice as many states; the table stays at most half full. */
  #grow(): void {
    const width = this.#width;
    const old = this.#states;
    this.#states = new Int32Array(old.length * 2);
    this.#states.set(old);
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#mask * 2 + 1;
    // The newest state is in the old table only, which has all of them.
    for (let from = 0; from < this.#slots.length; from += width + 1) {
      if (this.#slots[from] === 0) continue;
      let slot = hash(this.#slots, from, width) & mask;
      while (slots[slot * (width + 1)] !== 0) slot = (slot + 1) & mask;
      for (let i = 0; i <= width; i++) slots[slot * (width + 1) + i] = this.#slots[from + i]!;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** The finaliser of MurmurHash3, word by word; the mark does not count. */
function hash(words: Int32Array, from: number, width: number): number {
  let mixed = 0x9e3779b9 | 0;
  for (let i = from; i < from + width; i++) {
    mixed = Math.imul(mixed ^ (words[i]! & ~TAKEN), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed;
}
