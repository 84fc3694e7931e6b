/**
 * Clock faults, node by node: wall clocks step and strobe by up to minutes; monotonic clocks drift,
 * but never by more than the system says it tolerates.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { anyone, countOf, type Nemesis, stretch, type Topology } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const clock: Nemesis = {
  name: "clock",
  summary: "steps and strobes wall clocks; lets monotonic clocks drift within the tolerated bound",
  kinds: ["clock-step", "clock-rate", "clock-strobe"],
  faults: (random, topology) => [
    ...drifts(random, topology),
    ...Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () =>
      jump(random, topology),
    ),
  ],
};

/** Each node runs at its own rate for the whole run, as far from true as the promise allows. */
function drifts(random: Random, topology: Topology): FaultDraft[] {
  const { driftPpmMax } = topology;
  if (driftPpmMax === 0) return [];
  return topology.nodes.map((target) => ({
    kind: "clock-rate",
    atUs: 0,
    untilUs: topology.timeLimitUs,
    target,
    ppm: random.pick([-driftPpmMax, -driftPpmMax, 0, driftPpmMax, driftPpmMax]),
  }));
}

function jump(random: Random, topology: Topology): FaultDraft {
  const target = anyone(random, topology);
  const sign = random.chance(1, 2) ? 1 : -1;
  const byUs = sign * random.magnitude(10_000, 300 * SECOND_US);
  const when = stretch(random, topology, SECOND_US / 10, 8 * SECOND_US);
  if (random.chance(2, 3)) return { kind: "clock-step", ...when, target, byUs };
  return {
    kind: "clock-strobe",
    ...when,
    target,
    byUs,
    periodUs: random.magnitude(1_000, SECOND_US),
  };
}
