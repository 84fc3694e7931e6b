/**
 * How stale each read is at least: by how many writes that certainly came between, and how long ago
 * the first of them was certainly over.
 *
 * A write b certainly comes between a cluster a and a read of a when first(a) < invoked(b) and
 * first(b) < invoked(read). Counted offline with a Fenwick tree over the writes. O(n log n), and
 * O(n) for histories without stale reads.
 */

import { NONE } from "../linearizability/algorithms/reads-from.js";
import type { ObjectView } from "../linearizability/view.js";
import type { Clusters } from "./clusters.js";
import type { TimedView } from "./timed-view.js";

export interface ReadStaleness {
  /** Reads in order of invocation, those whose value was installed several times left out. */
  reads: Int32Array;
  /** Per read of this list, the writes that it missed for certain. */
  versions: Int32Array;
  /** Per read, nanoseconds since the first write that it missed was over; 0 if it missed none. */
  lateNs: Float64Array;
}

export function readStaleness(view: TimedView, clusters: Clusters): ReadStaleness {
  const { size, f, invoked, invokedAt, completedAt } = view;
  const { of, first, firstBy } = clusters;
  const reads = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; i++) if (f[i] === 0 && of[i] !== NONE) reads[count++] = i;
  const list = reads.slice(0, count);
  const overwriter = overwriters(view, clusters);
  const lateNs = new Float64Array(count);
  let anyStale = false;
  for (let n = 0; n < count; n++) {
    const over = overwriter[of[list[n]!]!]!;
    if (over === NONE || first[over]! > invoked[list[n]!]!) continue;
    lateNs[n] = invokedAt[list[n]!]! - completedAt[firstBy[over]!]!;
    anyStale = true;
  }
  const versions = anyStale ? missed(view, clusters, list) : new Int32Array(count);
  return { reads: list, versions, lateNs };
}

/** Per cluster, the one among those certainly written after it whose write was certainly over first. */
function overwriters(view: ObjectView, clusters: Clusters): Int32Array {
  const { size } = view;
  const { count, of, write } = clusters;
  // Clusters are numbered in order of `first`: the earliest is the least.
  const leastFrom = new Int32Array(size + 1).fill(count);
  for (let i = size - 1; i >= 0; i--) {
    const own = of[i]!;
    const isWrite = own !== NONE && write[own] === i;
    leastFrom[i] = isWrite ? Math.min(own, leastFrom[i + 1]!) : leastFrom[i + 1]!;
  }
  return firstInvokedAfter(view, clusters).map((i) =>
    leastFrom[i] === count ? NONE : leastFrom[i]!,
  );
}

/** Per cluster, the first operation that was invoked after the cluster's first return. */
function firstInvokedAfter({ size, invoked }: ObjectView, { count, first }: Clusters): Int32Array {
  const after = new Int32Array(count);
  let i = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    while (i < size && invoked[i]! < first[cluster]!) i += 1;
    after[cluster] = i;
  }
  return after;
}

function missed(view: ObjectView, clusters: Clusters, reads: Int32Array): Int32Array {
  const { size, invoked } = view;
  const { count, of, write, first } = clusters;
  const after = firstInvokedAfter(view, clusters);
  /** Writes that are certainly over, summed from the back: place 1 is the last operation. */
  const tree = new Int32Array(size + 1);
  let over = 0;
  return reads.map((read) => {
    for (; over < count && first[over]! < invoked[read]!; over++) {
      // The start came before every write: nobody misses it.
      for (let at = size - write[over]!; at > 0 && at <= size; at += at & -at) tree[at]! += 1;
    }
    let sum = 0;
    for (let at = size - after[of[read]!]!; at > 0; at -= at & -at) sum += tree[at]!;
    return sum;
  });
}
