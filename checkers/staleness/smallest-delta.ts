/**
 * Delta-atomicity (Golab, Li & Shah, "Analyzing consistency properties for fun and profit", PODC 2011):
 * the smallest Delta such that the history is linearizable when every read is invoked Delta
 * nanoseconds earlier. 0 if and only if it is linearizable as it is.
 *
 * Shifted, read r comes after an operation a in real time iff a returned more than Delta before r
 * began: at equal times invocations come first. So two clusters a and b with first(a) < first(b) are in
 * conflict (zones.ts) iff a has a read that began more than Delta after first(b), and b has one that
 * began more than Delta after first(a), or its write was invoked after first(a). Each conflict
 * asks for a Delta at least as great as the smaller of the two distances; pairs are all there is.
 *
 * One pass in order of `first` finds the greatest such demand, though it compares each cluster b only
 * with m, the one among the earlier clusters whose last read began last. For take the Delta found, and
 * the first b that is still in conflict with some earlier a. Then m also has a read more than Delta
 * after first(b). As m and b were compared and are in conflict no more, b can come before m but not
 * before a, so that first(a) < first(m). But then a and m are in conflict, since both have a read
 * more than Delta after first(b): not b was the first, but m. O(n).
 */

import { NONE } from "../linearizability/algorithms/reads-from.js";
import type { Clusters } from "./clusters.js";
import type { TimedView } from "./timed-view.js";

export interface SmallestDelta {
  deltaNs: number;
  /** The read that needs it; undefined when Delta is 0. */
  read: number | undefined;
}

/** For clusters without ambiguous reads. */
export function smallestDelta(view: TimedView, clusters: Clusters): SmallestDelta {
  const { size, invoked, invokedAt, completedAt } = view;
  const { count, write, first, firstBy, lastRead } = clusters;
  let deltaNs = 0;
  let read: number | undefined;
  let latest = NONE;
  for (let b = 0; b < count; b++) {
    const reader = lastRead[b]!;
    if (latest !== NONE && invoked[lastRead[latest]!]! > first[b]!) {
      const older = lastRead[latest]!;
      const distance = invokedAt[older]! - completedAt[firstBy[b]!]!;
      const isLater = write[b] !== size && invoked[write[b]!]! > first[latest]!;
      const canComeBefore = !isLater && (reader === NONE || invoked[reader]! < first[latest]!);
      const other =
        isLater || firstBy[latest] === NONE
          ? Number.POSITIVE_INFINITY
          : invokedAt[reader]! - completedAt[firstBy[latest]!]!;
      // Within one nanosecond the clock does not tell what the order of events tells.
      const needed = canComeBefore ? 0 : Math.max(1, Math.min(distance, other));
      if (needed > deltaNs) {
        deltaNs = needed;
        read = distance <= other ? older : reader;
      }
    }
    if (reader !== NONE && (latest === NONE || reader > lastRead[latest]!)) latest = b;
  }
  return { deltaNs, read };
}
