/**
 * Which node has a key: the placements of the textbook, as functions of keys and lists of nodes.
 *
 * - Ranges of keys, in order: neighbours stay together, and what is hot together, too.
 * - Hash mod N: even, and nearly every key moves when N changes: N / (N + 1) of them.
 * - Consistent hashing (Karger et al. 1997): each node has several tokens (virtual nodes) on a ring of
 *   positions, and owns what lies between its tokens and the tokens before them. A node that comes
 *   takes about its share, 1 / (N + 1), and nobody else's keys move.
 * - A fixed number of slots, more than there will ever be nodes, moved as wholes (Redis Cluster, Riak):
 *   a key's slot never changes, and as few slots move as evenness allows.
 *
 * They move nothing themselves, and know nothing of epochs.
 */

import { hashText, scale } from "../../src/random/mix.js";

/** Where a key lies among so many positions, at most 2^32. O(key). */
export function positionOf(key: string, positions: number): number {
  return scale(hashText(key), positions);
}

/** Hash mod N: the node of a position. */
export function byModulo(position: number, nodes: readonly string[]): string {
  return nodes[position % nodes.length] as string;
}

export interface RingOptions {
  tokensPerNode: number;
  /** How many positions the ring has. */
  positions: number;
}

export class Ring {
  /** By position, one owner each. */
  readonly #tokens: readonly { position: number; node: string }[];
  readonly #positions: number;

  /**
   * Where several nodes have a token at one position, it belongs to the first of them in the list: who
   * computes the ring by itself has to list nodes in the order that everybody does. O(tokens log tokens).
   */
  constructor(nodes: readonly string[], { tokensPerNode, positions }: RingOptions) {
    this.#positions = positions;
    const tokens = nodes.flatMap((node) =>
      Array.from({ length: tokensPerNode }, (_, i) => ({
        position: positionOf(`${node}/${i}`, positions),
        node,
      })),
    );
    // The sort is stable: of equal positions the earlier in the list stays the first.
    const sorted = tokens.sort((a, b) => a.position - b.position);
    this.#tokens = sorted.filter(({ position }, i) => sorted[i - 1]?.position !== position);
  }

  /** The node of the first token at or after the position, round the ring. O(log tokens). */
  ownerOf(position: number): string {
    const tokens = this.#tokens;
    let [low, high] = [0, tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return (tokens[low] ?? tokens[0])?.node as string;
  }

  /** How many positions each node owns that owns any. O(tokens). */
  shares(): Map<string, number> {
    const shares = new Map<string, number>();
    let last = (this.#tokens.at(-1)?.position ?? 0) - this.#positions;
    for (const { position, node } of this.#tokens) {
      shares.set(node, (shares.get(node) ?? 0) + position - last);
      last = position;
    }
    return shares;
  }
}

/**
 * The owners of a fixed number of slots when the nodes are these: nobody has two more than another, and
 * as few slots change hands as that allows. O(slots * nodes).
 *
 * @param owners who has each slot now; undefined, or somebody who is not among the nodes, for nobody.
 */
export function evenly(
  owners: readonly (string | undefined)[],
  nodes: readonly string[],
): string[] {
  const counts = new Map(nodes.map((node) => [node, 0]));
  for (const owner of owners) {
    if (owner !== undefined && counts.has(owner)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  // Who has most already is allowed the odd slot, so that it need not move.
  const byCount = [...nodes].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const share = Math.floor(owners.length / nodes.length);
  const odd = owners.length % nodes.length;
  const room = new Map(byCount.map((node, i) => [node, share + (i < odd ? 1 : 0)]));
  const take = (node: string): boolean => {
    const left = room.get(node) ?? 0;
    if (left > 0) room.set(node, left - 1);
    return left > 0;
  };
  const kept = owners.map((owner) => (owner !== undefined && take(owner) ? owner : undefined));
  return kept.map((owner) => owner ?? (nodes.find(take) as string));
}

/**
 * The range that a key is in, from 0: the last one that begins at or before the key. O(log ranges).
 *
 * @param bounds where each range begins, in order; the first is the empty text.
 */
export function rangeOf(key: string, bounds: readonly string[]): number {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bounds[middle] as string) <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Bounds that cut the alphabet into so many ranges, at most 26. */
export function alphabetically(ranges: number): string[] {
  const letter = (i: number): string =>
    String.fromCharCode("a".charCodeAt(0) + Math.floor((26 * i) / ranges));
  return Array.from({ length: ranges }, (_, i) => (i === 0 ? "" : letter(i)));
}
