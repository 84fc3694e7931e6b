/**
 * Where the parts of a machine's state lie in its 32-bit words: each field has just the bits that it
 * needs, and none crosses a word.
 */

export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

export class Layout {
  words = 1;
  #bits = 0;

  /** A field for values from 0 to `max`. */
  field(max: number): Field {
    const width = Math.max(1, 32 - Math.clz32(max));
    // The sign bit is left alone: masks stay positive.
    if (this.#bits + width > 31) {
      this.words++;
      this.#bits = 0;
    }
    const field = { word: this.words - 1, shift: this.#bits, mask: 2 ** width - 1 };
    this.#bits += width;
    return field;
  }
}

export function get(state: Int32Array, { word, shift, mask }: Field): number {
  return (state[word]! >>> shift) & mask;
}

export function set(state: Int32Array, { word, shift, mask }: Field, value: number): void {
  state[word] = (state[word]! & ~(mask << shift)) | (value << shift);
}
