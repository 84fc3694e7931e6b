/**
 * Chunks (after Golab, Hurwitz & Li, "On the k-atomicity-verification problem", ICDCS 2013): the
 * parts of a history that decide its k.
 *
 * A chunk is a maximal run of overlapping forward zones with the backward zones inside it. Every
 * other backward zone touches a moment outside all chunks, and its cluster can go there as a whole.
 * The chunks can go one after another, since each ends its invocations before the next begins its
 * returns. Hence a history is k-atomic iff each chunk on its own is, and what is alone in its chunk
 * is 1-atomic. O(n).
 */

import type { ObjectView } from "../linearizability/view.js";
import { type Clusters, lastInvocation } from "./clusters.js";

/** The chunks of two clusters and more: their clusters in order of `first`. */
export function chunksOf(view: ObjectView, clusters: Clusters): Int32Array[] {
  const { count, first } = clusters;
  const chunks: Int32Array[] = [];
  let members: number[] = [];
  let begin = -1;
  let end = -1;
  for (let cluster = 0; cluster < count; cluster++) {
    const last = lastInvocation(view, clusters, cluster);
    const isForward = last > first[cluster]!;
    const isWithin = first[cluster]! < end && last > begin;
    if (isWithin) members.push(cluster);
    if (!isForward) continue;
    end = Math.max(end, last);
    if (isWithin) continue;
    if (members.length > 1) chunks.push(Int32Array.from(members));
    members = [cluster];
    begin = first[cluster]!;
    end = last;
  }
  if (members.length > 1) chunks.push(Int32Array.from(members));
  return chunks;
}
