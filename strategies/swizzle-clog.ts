/**
 * Swizzle-clogging, FoundationDB's favourite (its workload RandomClogging): half of the nodes are
 * clogged one by one over half of a stretch of time t, and unclogged in another order over its other
 * half. Nodes thereby come back into a world whose opinion of them, and theirs of it, is from
 * different times.
 *
 * A clogged node's messages wait, in both directions (now and then in one), and arrive in order when
 * it is unclogged. Now and then its clients wait with it. t is between 0.5 and 8 s, and a
 * run has about one swizzle every four seconds. The faults drawn stay beside it in every other run. Where links cannot be clogged the nodes are cut off instead; where neither can be,
 * all stays as drawn.
 */

import type { Topology } from "../nemeses/nemesis.js";
import { countOf } from "../nemeses/nemesis.js";
import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { beside, lasting, SECOND_US } from "./draw.js";
import type { Strategy } from "./strategy.js";

export const swizzleClog: Strategy = {
  name: "swizzle-clog",
  summary: "clogs half of the nodes one by one and unclogs them in another order (FoundationDB)",
  faults: (random, topology, drawn) => {
    if (!topology.supported.has("clog") && !topology.supported.has("partition")) return drawn;
    const swizzles = Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () =>
      swizzle(random, topology),
    );
    return [...beside(random, drawn), ...swizzles.flat()];
  },
};

type Side = "in" | "out" | "both";

function swizzle(random: Random, topology: Topology): FaultDraft[] {
  const { nodes, timeLimitUs } = topology;
  const lastsUs = Math.min(timeLimitUs, random.magnitude(SECOND_US / 2, 8 * SECOND_US));
  const beginsUs = random.int(timeLimitUs - lastsUs + 1);
  const half = Math.max(1, lastsUs >> 1);
  const chosen = random.sample(nodes, (nodes.length + 1) >> 1);
  const side: Side = random.chance(3, 4) ? "both" : random.pick(["in", "out"] as const);
  const clients = random.chance(1, 4);
  return chosen.flatMap((node) => {
    const atUs = beginsUs + random.int(half);
    const untilUs = beginsUs + half + random.int(half);
    const when = lasting(topology, atUs, untilUs - atUs);
    if (topology.supported.has("clog")) return clogged(node, side, { ...when, clients });
    return { kind: "partition", shape: "isolate", ...when, isolate: node, direction: side };
  });
}

function clogged(
  node: string,
  side: Side,
  how: { atUs: number; untilUs: number; clients: boolean },
): FaultDraft[] {
  const inwards: FaultDraft = { kind: "clog", ...how, to: [node] };
  const outwards: FaultDraft = { kind: "clog", ...how, from: [node] };
  if (side === "both") return [inwards, outwards];
  return side === "in" ? [inwards] : [outwards];
}
