/**
 * Named random streams from one seed.
 *
 * Every decision draws from a stream keyed by its purpose, so that taking one fault or one
 * operation out of a plan leaves the draws of all others as they were: shrinking and replay rest
 * on this. The seed goes through seedrandom (ARC4) once; each stream is seeded from its 128 bits.
 */

import seedrandom from "seedrandom";
import { hashText, mix } from "./mix.js";
import { Random, type StartWords } from "./random.js";

/** A run's seed: a non-negative safe integer. */
export type Seed = number;

export class Streams {
  readonly #root: readonly [number, number, number, number];

  constructor(seed: Seed) {
    const source = seedrandom(`faultline/${seed}`);
    this.#root = [source.int32(), source.int32(), source.int32(), source.int32()];
  }

  /** A key for counter-based draws: `mix(key, n)` is the n-th word of this purpose. */
  key(purpose: string, ...indexes: number[]): number {
    let word = mix(this.#root[0], hashText(purpose));
    for (const index of indexes) word = mix(word, index);
    return word;
  }

  /** A fresh stream; the same purpose and indexes always give the same draws. */
  stream(purpose: string, ...indexes: number[]): Random {
    return new Random(this.start(purpose, ...indexes));
  }

  /** Where that stream starts. */
  start(purpose: string, ...indexes: number[]): StartWords {
    const key = this.key(purpose, ...indexes);
    const [, a, b, c] = this.#root;
    return [mix(a, key), mix(b, key), mix(c, key)];
  }
}
