/**
 * How many replicas must have said something for it to count.
 *
 * Of n replicas f may be Byzantine. Any two quorums must meet in an honest replica, hence in f + 1; and
 * there must be one without the faulty: (n + f) / 2 < quorum <= n - f. Both can be had from n = 3f + 1
 * on, with quorums of 2f + 1. Among f + 1 replicas one is honest.
 */

export interface Thresholds {
  /** As many decide. */
  quorum: number;
  /** Among as many is an honest one. */
  witness: number;
}

/** As many of n may be Byzantine. */
export function faultyOf(nodeCount: number): number {
  return Math.floor((nodeCount - 1) / 3);
}

export function thresholdsOf(nodeCount: number): Thresholds {
  const faulty = faultyOf(nodeCount);
  return { quorum: ((nodeCount + faulty) >> 1) + 1, witness: faulty + 1 };
}
