/**
 * The clusters of a register: every write with the reads that returned its value, the start with the
 * reads that returned the initial one, in order of their earliest return (`first`).
 *
 * From the first return of a cluster on, its write has certainly happened. So write a certainly comes
 * before write b if and only if first(a) < invoked(b): the writes are intervals [invoked, first],
 * and reads bring in nothing else. Pending writes that nobody certainly read are left out: they may
 * not have happened. A read whose value was installed several times belongs to no cluster.
 */

import { PENDING } from "../../histories/columns.js";
import { inOrderOf } from "../linearizability/algorithms/positions.js";
import { AMBIGUOUS, effectsOf, NONE, readsFrom } from "../linearizability/algorithms/reads-from.js";
import type { ObjectView } from "../linearizability/view.js";

export interface Clusters {
  count: number;
  /** Per cluster, its write: an operation, `view.size` for the start. */
  write: Int32Array;
  /** Per cluster, the operation that returned first; NONE for the start. */
  firstBy: Int32Array;
  /** Per cluster, the position of that return, ascending; -1 for the start. */
  first: Int32Array;
  /** Per cluster, the read that was invoked last, or NONE. */
  lastRead: Int32Array;
  /** Per operation, its cluster, or NONE. */
  of: Int32Array;
  /** Reads whose value was installed more than once. */
  ambiguousReads: number;
}

/** `view` holds reads and writes only, and every value that was read was installed before. O(n). */
export function clustersOf(view: ObjectView): Clusters {
  const { size, completed } = view;
  const effects = effectsOf(view)!;
  const origins = readsFrom(view, effects);
  const firstBy = new Int32Array(size + 1).fill(NONE);
  const first = new Int32Array(size + 1).fill(PENDING);
  const lastRead = new Int32Array(size + 1).fill(NONE);
  let ambiguousReads = 0;
  for (let i = 0; i < size; i++) {
    const origin = origins[i]!;
    if (origin === AMBIGUOUS) {
      ambiguousReads += 1;
      continue;
    }
    const write = origin === NONE ? i : origin;
    if (write !== i) lastRead[write] = i;
    if (completed[i]! >= first[write]!) continue;
    firstBy[write] = i;
    first[write] = completed[i]!;
  }
  if (lastRead[size] !== NONE) first[size] = -1;
  firstBy[size] = NONE;
  const certain = new Int32Array(size + 1);
  let count = 0;
  for (let write = 0; write <= size; write++) {
    if (first[write] !== PENDING) certain[count++] = write;
  }
  const write = inOrderOf(first, certain.subarray(0, count));
  const clusterOf = new Int32Array(size + 1).fill(NONE);
  for (let cluster = 0; cluster < count; cluster++) clusterOf[write[cluster]!] = cluster;
  const of = new Int32Array(size).fill(NONE);
  for (let i = 0; i < size; i++) {
    const origin = origins[i]!;
    if (origin !== AMBIGUOUS) of[i] = clusterOf[origin === NONE ? i : origin]!;
  }
  return {
    count,
    write,
    firstBy: write.map((by) => firstBy[by]!),
    first: write.map((by) => first[by]!),
    lastRead: write.map((by) => lastRead[by]!),
    of,
    ambiguousReads,
  };
}

/** Where the cluster's last invocation is: after it, nothing of the cluster begins. */
export function lastInvocation(
  { invoked, size }: ObjectView,
  { write, lastRead }: Clusters,
  cluster: number,
): number {
  const wrote = write[cluster]! === size ? -1 : invoked[write[cluster]!]!;
  const read = lastRead[cluster]!;
  return read === NONE ? wrote : Math.max(wrote, invoked[read]!);
}
