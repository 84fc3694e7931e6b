/**
 * Clock faults, node by node: wall clocks step and strobe by up to minutes; monotonic clocks drift,
 * but never by more than the system says it tolerates.
 *
 * A clock that drifts harms only who trusts it while nobody contradicts. So half of the runs tell
 * the worst story for leases (Gray & Cheriton 1989): whoever leads has the slowest clock tolerated,
 * all others the fastest, and it is cut off. Drift drawn node by node hardly ever does this, because
 * a fast clock is the first to time out: leaders tend to have fast clocks.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import {
  anyone,
  COMMON,
  countOf,
  type Nemesis,
  spaced,
  stretch,
  type Topology,
} from "./nemesis.js";

const SECOND_US = 1_000_000;

export const clock: Nemesis = {
  name: "clock",
  summary:
    "steps and strobes wall clocks; lets monotonic clocks drift within the tolerated bound, at times with a slow leader cut off",
  kinds: ["clock-step", "clock-rate", "clock-strobe", "partition"],
  swarmOdds: COMMON,
  faults: (random, topology) => {
    const drift = random.chance(1, 2) ? slowLeader : independentDrift;
    return [
      ...(topology.driftPpmMax > 0 ? drift(random, topology) : []),
      ...Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () =>
        jump(random, topology),
      ),
    ];
  },
};

/** Each node runs at its own rate for the whole run, as far from true as the promise allows. */
function independentDrift(random: Random, topology: Topology): FaultDraft[] {
  const { driftPpmMax } = topology;
  return topology.nodes.map((target) => ({
    kind: "clock-rate",
    atUs: 0,
    untilUs: topology.timeLimitUs,
    target,
    ppm: random.pick([-driftPpmMax, -driftPpmMax, 0, driftPpmMax, driftPpmMax]),
  }));
}

/** All clocks are fast but the leader's, which is slow for as long as the leader is alone. */
function slowLeader(random: Random, topology: Topology): FaultDraft[] {
  const { nodes, timeLimitUs, driftPpmMax } = topology;
  const faults: FaultDraft[] = nodes.map((target) => ({
    kind: "clock-rate",
    atUs: 0,
    untilUs: timeLimitUs,
    target,
    ppm: driftPpmMax,
  }));
  let atUs = random.between(SECOND_US / 4, (SECOND_US * 3) / 2);
  while (atUs < timeLimitUs) {
    const lasts = random.between(SECOND_US / 2, (SECOND_US * 5) / 2);
    const when = { atUs, untilUs: Math.min(timeLimitUs, atUs + lasts) };
    const target = { role: "leader", else: random.pick(nodes) } as const;
    faults.push(
      { kind: "clock-rate", ...when, target, ppm: -driftPpmMax },
      { kind: "partition", shape: "isolate", ...when, isolate: target, direction: "both" },
    );
    atUs = when.untilUs + spaced(topology, random.between(SECOND_US / 5, (SECOND_US * 3) / 2));
  }
  return faults;
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
