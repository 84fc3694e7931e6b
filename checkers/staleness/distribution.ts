/** How stale the reads of a history are, together. */

import type { Json } from "../../src/base/json.js";
import type { ReadStaleness } from "./reads.js";

export interface Distribution {
  /** Reads whose value was written once, so that their staleness is known. */
  reads: number;
  /** How many reads missed how many writes, at least; ascending. */
  versions: { missed: number; reads: number }[];
  /** Nanoseconds since the first missed write was over, 0 for fresh reads: nearest ranks. */
  lateNs: { p50: number; p95: number; p99: number; max: number };
}

export function distributionOf(all: readonly ReadStaleness[]): Distribution {
  const counts = new Map<number, number>();
  const late = new Float64Array(all.reduce((sum, { reads }) => sum + reads.length, 0));
  let next = 0;
  for (const { versions, lateNs } of all) {
    for (const missed of versions) counts.set(missed, (counts.get(missed) ?? 0) + 1);
    late.set(lateNs, next);
    next += lateNs.length;
  }
  late.sort();
  const rank = (percent: number): number =>
    late[Math.max(0, Math.ceil((late.length * percent) / 100) - 1)] ?? 0;
  return {
    reads: late.length,
    versions: [...counts].sort(([a], [b]) => a - b).map(([missed, reads]) => ({ missed, reads })),
    lateNs: { p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100) },
  };
}

export function distributionAsJson({ reads, versions, lateNs }: Distribution): Json {
  return { reads, versions: versions.map((bucket) => ({ ...bucket })), lateNs: { ...lateNs } };
}
