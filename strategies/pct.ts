/**
 * Probabilistic concurrency testing. Burckhardt et al. (ASPLOS 2010) run threads by random
 * priorities and let the running one fall below all others at d - 1 random steps: a bug that needs
 * d ordering constraints shows with a chance of at least 1/(n k^(d-1)) for n threads and k steps.
 * Ozkan et al. (PCTCP, OOPSLA 2018) carry it to messages by giving the priorities to causal chains.
 *
 * A depth of 1 to 5 is drawn. The steps are the messages of the run, whose number is only estimated;
 * the estimate is drawn too, over an order of magnitude, so that no part of a shorter run is left
 * without change points. Messages wait by their chain's priority rather than for those above them,
 * so the bound above does not carry over: timers go on, as in a real network they would.
 *
 * Of the faults drawn, those of links go (the schedule is ours), the others stay in every other run. Where the world has no priorities, all stay as they were drawn.
 */

import type { Topology } from "../nemeses/nemesis.js";
import { type FaultDraft, linkFaultKinds } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { beside, MILLISECOND_US, SECOND_US } from "./draw.js";
import type { Strategy } from "./strategy.js";

const DEPTH_MAX = 5;
/** What a node sends in a second, in systems with heartbeats under a usual load. */
const MESSAGES_PER_NODE_SECOND = 80;

export const pct: Strategy = {
  name: "pct",
  summary: "delays chains of messages by random priorities that change at 0 to 4 moments (PCT)",
  faults: (random, topology, drawn) => {
    if (!topology.supported.has("priorities")) return drawn;
    const others = drawn.filter(({ kind }) => !linkFaultKinds.includes(kind));
    return [...beside(random, others), priorities(random, topology)];
  },
};

function priorities(random: Random, topology: Topology): FaultDraft {
  const { timeLimitUs } = topology;
  const depth = random.between(1, DEPTH_MAX);
  const messages = random.magnitude(Math.max(1, estimate(topology) >> 2), estimate(topology));
  return {
    kind: "priorities",
    atUs: 0,
    untilUs: timeLimitUs,
    salt: random.int(0x7fffffff),
    levels: random.between(2, 16),
    stepUs: random.magnitude(MILLISECOND_US / 2, 32 * MILLISECOND_US),
    changes: Array.from({ length: depth - 1 }, () => random.between(1, messages)).sort(
      (a, b) => a - b,
    ),
    clients: random.chance(1, 2),
  };
}

function estimate({ nodes, timeLimitUs }: Topology): number {
  return 1 + Math.floor((nodes.length * MESSAGES_PER_NODE_SECOND * timeLimitUs) / SECOND_US);
}
