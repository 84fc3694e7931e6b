/**
 * Consistent hashing (Karger et al. 1997): nodes and keys on one ring of 32-bit positions.
 *
 * Every node has several tokens on the ring. A key belongs to the range that ends at the first token
 * at or after its hash. From there clockwise, the first N different nodes are its homes (Dynamo's
 * preference list), and the others its stand-ins, in that order. When a node comes or goes, only keys
 * next to its tokens move.
 */

import { hashText } from "../../src/random/mix.js";

const TOKENS_PER_NODE = 4;

interface Range {
  /** Unsigned: the last position of the range. */
  token: number;
  /** All nodes, clockwise from the token. */
  walk: readonly string[];
}

export class Ring {
  readonly #ranges: readonly Range[];
  readonly #homeCount: number;

  /** @param homeCount how many nodes keep each key; no more than there are. */
  constructor(nodes: readonly string[], homeCount: number) {
    const tokens = nodes
      .flatMap((node) =>
        Array.from({ length: TOKENS_PER_NODE }, (_, i) => ({
          token: hashText(`${node}/${i}`) >>> 0,
          node,
        })),
      )
      .sort((a, b) => a.token - b.token || (a.node < b.node ? -1 : 1));
    this.#ranges = tokens.map(({ token }, i) => {
      const clockwise = [...tokens.slice(i), ...tokens.slice(0, i)].map(({ node }) => node);
      return { token, walk: [...new Set(clockwise)] };
    });
    this.#homeCount = Math.min(homeCount, nodes.length);
  }

  /** The ordinal of the range that the key is in. O(tokens). */
  rangeOf(key: string): number {
    const position = hashText(key) >>> 0;
    const range = this.#ranges.findIndex(({ token }) => position <= token);
    return range === -1 ? 0 : range;
  }

  homes(range: number): readonly string[] {
    return this.#walk(range).slice(0, this.#homeCount);
  }

  /** Who takes what a home cannot, in the order in which they are asked. */
  standIns(range: number): readonly string[] {
    return this.#walk(range).slice(this.#homeCount);
  }

  /** The ranges that all these nodes are homes of. */
  shared(...nodes: readonly string[]): number[] {
    const all = Array.from(this.#ranges, (_, range) => range);
    return all.filter((range) => nodes.every((node) => this.homes(range).includes(node)));
  }

  #walk(range: number): readonly string[] {
    return this.#ranges[range]?.walk ?? [];
  }
}
