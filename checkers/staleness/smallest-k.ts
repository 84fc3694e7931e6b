/**
 * k-atomicity (Aiyer, Alvisi & Bazzi 2005): the smallest k such that some order of the operations
 * respects real time and every read returns one of the last k values. 1 if and only if the history is
 * linearizable.
 *
 * No polynomial algorithm is known for k >= 3. So: each chunk of the history (chunks.ts) has a lower
 * bound from the writes that a read certainly missed, and an upper one from an order
 * (witness-order.ts). Where they differ and it matters, a search decides k by k, within a budget of
 * steps; what it leaves open stays an interval. With values that were written several times the
 * search decides about the whole.
 */

import { NONE } from "../linearizability/algorithms/reads-from.js";
import { type Decision, decide } from "../linearizability/decide.js";
import { register } from "../linearizability/models/register.js";
import { prepareView } from "../linearizability/problem.js";
import type { ObjectView } from "../linearizability/view.js";
import { type Bounds, exactly, greatest } from "./bounds.js";
import { chunksOf } from "./chunks.js";
import type { Clusters } from "./clusters.js";
import { functions, recentValues } from "./recent-values.js";
import { chunkView, wholeView } from "./reduced-views.js";
import { looseK, witnessedK } from "./witness-order.js";

/** Steps still to be taken, over all objects. */
export interface Budget {
  steps: number;
}

/** For the clusters of `view`, and the writes that its reads certainly missed (see reads.ts). */
export function smallestK(
  view: ObjectView,
  clusters: Clusters,
  { reads, versions }: { reads: Int32Array; versions: Int32Array },
  budget: Budget,
): Bounds {
  const missedBy = new Int32Array(view.size);
  let missedMost = 0;
  for (const [n, read] of reads.entries()) {
    missedBy[read] = versions[n]!;
    missedMost = Math.max(missedMost, versions[n]!);
  }
  if (clusters.ambiguousReads > 0) {
    const whole = wholeView(view);
    return narrowed({ atLeast: 1 + missedMost, atMost: looseK(whole) }, whole, budget);
  }
  const chunks = chunksOf(view, clusters).map((chunk) => {
    // Two clusters that are in conflict need k = 2 at least.
    let missed = 1;
    let stalest = chunk[0]!;
    for (const cluster of chunk) {
      const read = clusters.lastRead[cluster]!;
      if (read === NONE || missedBy[read]! <= missed) continue;
      missed = missedBy[read]!;
      stalest = cluster;
    }
    const atMost = witnessedK(view, clusters, chunk, stalest);
    return { chunk, known: { atLeast: 1 + missed, atMost } };
  });
  let proven = chunks.reduce((k, { known }) => Math.max(k, known.atLeast), 1);
  const bounds = chunks.map(({ chunk, known }): Bounds => {
    if (known.atMost <= proven) return known;
    const atLeast = Math.max(known.atLeast, proven);
    const reduced = chunkView(view, clusters, chunk);
    const found = narrowed({ atLeast, atMost: known.atMost }, reduced, budget);
    proven = Math.max(proven, found.atLeast);
    return found;
  });
  return greatest(bounds, 1);
}

/** Decides k by k: first the least possible one, which it mostly is, then by halves. */
function narrowed({ atLeast, atMost }: Bounds, view: ObjectView, budget: Budget): Bounds {
  let reason = "";
  // Smaller k than this are decided or given up.
  let next = atLeast;
  for (let k = atLeast; next < atMost; k = (next + atMost - 1) >>> 1) {
    if (budget.steps === 0) {
      reason = `the budget of steps is spent before k = ${k}`;
      break;
    }
    const decision = decideK(k, view, Math.ceil(budget.steps / 2));
    budget.steps = Math.max(0, budget.steps - decision.steps);
    if (decision.valid === true) atMost = k;
    else next = k + 1;
    if (decision.valid === false) atLeast = k + 1;
    if (decision.valid === "unknown") reason = `k = ${k} is undecided: ${decision.reason}`;
  }
  return atLeast === atMost ? exactly(atMost) : { atLeast, atMost, reason };
}

function decideK(k: number, view: ObjectView, stepsMax: number): Decision<unknown> {
  const init = view.values.value(view.init);
  // The ordinary register knows how to forget what nobody reads any more.
  if (k === 1) return decide(prepareView(register, view, functions, init), stepsMax);
  const model = recentValues(k);
  return decide(prepareView(model, view, functions, model.init(init)), stepsMax);
}
