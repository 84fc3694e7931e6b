/**
 * A hash tree (Merkle 1987) over what a replica holds of one range of the ring: two replicas that hold
 * the same have the same root, and where they do not, comparing children leads down to those leaves
 * in which they differ.
 *
 * Keys are spread over the leaves by hash. A leaf combines the digests of its versions by exclusive or:
 * order does not matter, and a version goes out as it came in. Against chance that is enough; against
 * somebody who chooses versions it is not. Updates are O(1), a node's hash is O(leaves below it);
 * that of the root is kept until something changes.
 */

import { hashText, mix } from "../../src/random/mix.js";

const FAN_OUT = 4;
/** The root is at level 0, the leaves are here. */
export const LEAF_LEVEL = 2;
const LEAVES = FAN_OUT ** LEAF_LEVEL;

/** The leaf of a key. Not by the hash that places it on the ring: that one hardly varies in a range. */
export function leafOf(key: string): number {
  return mix(hashText(key), 1) & (LEAVES - 1);
}

/** What a tree knows of one version: the key and the tag, since a tag names one value. */
export function digestOf(key: string, tag: string): number {
  return mix(hashText(key), hashText(tag));
}

/** The places of a node's children, one level down. */
export function childrenOf(index: number): number[] {
  return Array.from({ length: FAN_OUT }, (_, i) => index * FAN_OUT + i);
}

export class HashTree {
  readonly #leaves = new Int32Array(LEAVES);
  /** Undefined after a change, until somebody asks. */
  #root: number | undefined;

  /** Puts a version in, or takes out one that is in. */
  toggle(key: string, tag: string): void {
    const leaf = leafOf(key);
    this.#root = undefined;
    this.#leaves[leaf] = (this.#leaves[leaf] ?? 0) ^ digestOf(key, tag);
  }

  get root(): number {
    this.#root ??= this.hash(0, 0);
    return this.#root;
  }

  hash(level: number, index: number): number {
    if (level === LEAF_LEVEL) return this.#leaves[index] ?? 0;
    return childrenOf(index).reduce((hash, child) => mix(hash, this.hash(level + 1, child)), level);
  }
}
