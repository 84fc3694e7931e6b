/**
 * A stream of random draws: Chris Doty-Humphrey's sfc32 (PractRand), 128 bits of state, about 2 ns
 * a draw. Probabilities are ratios of integers, so that no decision rests on a float.
 */

import { assert } from "../base/errors.js";
import { scale } from "./mix.js";

/** What a stream starts from. */
export type StartWords = readonly [number, number, number];

export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(words: StartWords) {
    this.restart(words);
  }

  /** Goes on as the stream that starts from these words. */
  restart(words: StartWords): void {
    [this.#a, this.#b, this.#c] = words;
    this.#counter = 1;
    // Not what a subclass makes of it: to stir the state is not to draw.
    for (let i = 0; i < 12; i++) Random.prototype.word.call(this);
  }

  /** A uniform signed 32-bit word. */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t;
  }

  /** A uniform integer in [0, bound). */
  int(bound: number): number {
    assert(
      Number.isInteger(bound) && bound > 0,
      `random.int(${bound}): the bound is a positive integer`,
    );
    return scale(this.word(), bound);
  }

  /** A uniform integer in [min, max], both ends included. */
  between(min: number, max: number): number {
    return min + this.int(max - min + 1);
  }

  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean {
    return this.int(denominator) < numerator;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, "random.pick from an empty list");
    return items[this.int(items.length)] as T;
  }

  /** A shuffled copy (Fisher-Yates). O(n). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  /** `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffle(items).slice(0, count);
  }

  /**
   * An integer in [min, max] spread evenly over the orders of magnitude between them: a random
   * power of two, then uniform within it.
   */
  magnitude(min: number, max: number): number {
    const octaves = 32 - Math.clz32(Math.floor(max / Math.max(1, min)));
    const low = min * 2 ** this.int(octaves);
    return Math.min(max, this.between(low, 2 * low));
  }
}
