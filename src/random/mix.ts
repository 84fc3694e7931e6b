/**
 * Integer mixing: the arithmetic under streams, tie-breaks and the trace hash.
 *
 * Only 32-bit integer operations, so that every engine gives the same bits. Not cryptographic.
 */

/** Murmur3's finaliser: every input bit flips each output bit with probability near one half. */
export function avalanche(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

/** One 32-bit word from two, order-sensitive; (0, 0) does not give 0. */
export function mix(left: number, right: number): number {
  return avalanche(Math.imul(left ^ 0x2545f491, 0x9e3779b1) + (right | 0));
}

/** A word from a text: FNV-1a over UTF-16 code units, then finalised. O(length). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return avalanche(h ^ text.length);
}

/** The chance `ppm` in a million as a threshold: a uniform unsigned word below it is a hit. */
export function thresholdOfPpm(ppm: number): number {
  return Math.floor((ppm * 4294967296) / 1_000_000);
}

/** A uniform integer in [0, bound) from a uniform word; the bias is below bound / 2^32. */
export function scale(word: number, bound: number): number {
  return Math.floor(((word >>> 0) * bound) / 4294967296);
}
