/**
 * Orders of the writes of a chunk that prove an upper bound on k.
 *
 * Whatever moment of its interval [invoked, first] each write takes effect in, real time is kept. Then
 * every read can go as early as real time allows: behind its own write and behind the last write w
 * in the order with first(w) < invoked(read), because what precedes the read in real time is
 * in the clusters of exactly these w. So an order needs
 * k = 1 + the greatest distance from a write to the last such w of its last read. O(m log m).
 */

import { byCompletion, inOrderOf } from "../linearizability/algorithms/positions.js";
import { NONE } from "../linearizability/algorithms/reads-from.js";
import type { ObjectView } from "../linearizability/view.js";
import { type Clusters, lastInvocation } from "./clusters.js";

/** The least k among a few promising orders; `stalest` is the cluster whose last read missed most. */
export function witnessedK(
  view: ObjectView,
  clusters: Clusters,
  chunk: Int32Array,
  stalest: number,
): number {
  const { first, write } = clusters;
  const latest = chunk.map((cluster) => first[cluster]!);
  const earliest = chunk.map((cluster) =>
    write[cluster] === view.size ? -1 : view.invoked[write[cluster]!]!,
  );
  // Nobody waits for a backward cluster once all of it is invoked: there it is soonest out of the way.
  const soonest = chunk.map((cluster, n) =>
    Math.min(latest[n]!, lastInvocation(view, clusters, cluster)),
  );
  // As late as possible, but right before the stalest value where that can be: the order in which
  // nothing comes between that value and its read but what must. Twice, to leave room.
  const pivot = first[stalest]!;
  const around = latest.map((moment, n) =>
    moment > pivot && earliest[n]! < pivot ? 2 * pivot - 1 : 2 * moment,
  );
  return Math.min(
    ...[soonest, around, latest, earliest].map((moments) =>
      neededBy(view, clusters, chunk, moments),
    ),
  );
}

/** The k of the order in which each cluster's write takes effect at its moment. */
function neededBy(
  { invoked }: ObjectView,
  { first, lastRead }: Clusters,
  chunk: Int32Array,
  moments: Int32Array,
): number {
  const size = chunk.length;
  const all = Int32Array.from(chunk, (_, n) => n);
  const placeOf = new Int32Array(size);
  for (const [place, member] of inOrderOf(moments, all).entries()) placeOf[member] = place;
  const readers = all.filter((member) => lastRead[chunk[member]!] !== NONE);
  const begins = chunk.map((cluster) =>
    lastRead[cluster] === NONE ? NONE : invoked[lastRead[cluster]!]!,
  );
  let k = 1;
  let over = 0;
  let lastPlace = -1;
  for (const reader of inOrderOf(begins, readers)) {
    for (; over < size && first[chunk[over]!]! < begins[reader]!; over++) {
      lastPlace = Math.max(lastPlace, placeOf[over]!);
    }
    k = Math.max(k, 1 + lastPlace - placeOf[reader]!);
  }
  return k;
}

/**
 * For values that repeat: writes as soon as they are invoked, pending ones too, and reads just before
 * they return. Every read finds its value somewhere in the past then. O(n).
 */
export function looseK(view: ObjectView): number {
  const { f, input, output, completed, invoked, values, init, size } = view;
  const lastWritten = new Int32Array(values.size).fill(NONE);
  lastWritten[init] = 0;
  let k = 1;
  let written = 0;
  let next = 0;
  for (const i of byCompletion(view)) {
    if (f[i] !== 0) continue;
    for (; next < size && invoked[next]! < completed[i]!; next++) {
      if (f[next] !== 0) lastWritten[input[next]!] = ++written;
    }
    k = Math.max(k, 1 + written - lastWritten[output[i]!]!);
  }
  return k;
}
