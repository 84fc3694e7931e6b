/**
 * Which operations a page draws: all of a short history; of a long one the story and what is
 * nearest to the impossible operation. The rest is folded into counted gaps.
 */

import type { Operation } from "../../../../histories/history.js";
import { type Story, WHOLE_MAX } from "../story.js";

export interface Selection {
  /** In order of invocation. */
  drawn: Operation[];
  /** Positions of the invocations of the story's operations. */
  story: ReadonlySet<number>;
  /** Positions of the invocations that are not drawn, ascending. */
  folded: number[];
}

export function selectOperations({ operations, minimal, breaking }: Story): Selection {
  const story = new Set(minimal.operations.map(({ invoked }) => invoked));
  const distance = ({ invoked }: Operation): number => Math.abs(invoked - breaking.invoked);
  const rank = (operation: Operation): number => (story.has(operation.invoked) ? 0 : 1);
  const nearest = [...operations].sort((a, b) => rank(a) - rank(b) || distance(a) - distance(b));
  const chosen = new Set(nearest.slice(0, WHOLE_MAX));
  return {
    drawn: operations.filter((operation) => chosen.has(operation)),
    story,
    folded: operations.filter((operation) => !chosen.has(operation)).map(({ invoked }) => invoked),
  };
}

/** How many ascending numbers lie between two bounds. O(log n). */
export function countBetween(ascending: readonly number[], low: number, high: number): number {
  return firstFrom(ascending, high) - firstFrom(ascending, low);
}

function firstFrom(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! >= bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
