/**
 * Plans changed a little: what a guided campaign does to a plan that reached something new.
 *
 * A mutation is one to four moves drawn from its seed: a fault is shifted, stretched, struck at
 * another target or another moment, doubled, deleted or taken from another strategy; two nodes swap
 * roles; operations come earlier or later, at another node, on another key; or the run gets another
 * future from some moment on. The function is pure and total: whatever sound plan comes in, a sound
 * plan comes out, with the seed added to its `mutations`.
 *
 * What promises rest on is left alone: no clock drifts further than it did, the values that are
 * written and the order in which a client invokes stay, clients that keep to one node keep to it,
 * a litmus test keeps its threads, and nothing moves into or within the phase of recovery.
 */

import type { Fault } from "../src/plan/fault.js";
import type { Plan } from "../src/plan/plan.js";
import { Streams } from "../src/random/streams.js";
import type { Move } from "./move.js";
import { faultMoves } from "./mutate-faults.js";
import { operationMoves } from "./mutate-operations.js";

const MOVES_MAX = 4;

/** The plan after the mutation of that seed. O(moves x (operations + faults)). */
export function mutate(plan: Plan, seed: number): Plan {
  const random = new Streams(seed).stream("mutation");
  let mutated = plan;
  for (let left = random.magnitude(1, MOVES_MAX); left > 0; left--) {
    mutated = random.pick(random.pick(weighted))(mutated, random);
  }
  return {
    ...mutated,
    faults: [...mutated.faults].sort(byTime),
    mutations: [...(plan.mutations ?? []), seed],
  };
}

/** Another future: all that was drawn as it went on is drawn anew from a moment on. */
const anotherFuture: Move = (plan, random) => ({
  ...plan,
  branch: { atUs: random.int(plan.timeLimitUs), seed: random.int(0x7fffffff) },
});

/** Faults most, since they are what strategies are about. */
const weighted: readonly (readonly Move[])[] = [
  faultMoves,
  faultMoves,
  faultMoves,
  operationMoves,
  [anotherFuture],
];

function byTime(a: Fault, b: Fault): number {
  return a.atUs - b.atUs || a.id - b.id;
}
