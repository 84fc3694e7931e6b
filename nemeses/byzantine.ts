/**
 * Traitors among the generals (Lamport, Shostak & Pease 1982): up to a third of the nodes tell
 * different peers different things, lie, or keep silent. The same nodes all through the run, so that
 * how many they are can be told from the plan; their clients are told no lies.
 */

import { type FaultDraft, lyingKinds } from "../src/plan/fault.js";
import { COMMON, countOf, type Nemesis, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const byzantine: Nemesis = {
  name: "byzantine",
  summary: "lets less than a third of the nodes equivocate, lie or say nothing to their peers",
  kinds: [...lyingKinds, "mute"],
  some: lyingKinds,
  swarmOdds: COMMON,
  faults: (random, topology) => {
    const { nodes } = topology;
    const traitors = random.sample(nodes, Math.max(1, Math.floor((nodes.length - 1) / 3)));
    return Array.from({ length: countOf(random, topology, 3 * SECOND_US) }, (): FaultDraft => {
      const target = random.pick(traitors);
      const when = stretch(random, topology, SECOND_US / 4, 6 * SECOND_US);
      const ppm = random.pick([50_000, 200_000, 500_000, 1_000_000]);
      const shunned = random.sample(nodes, random.between(1, nodes.length));
      const to = random.chance(1, 2) ? { to: shunned } : {};
      const treasons: FaultDraft[] = [
        { kind: "equivocate", ...when, target, ppm },
        { kind: "lie", ...when, target, ppm },
        { kind: "mute", ...when, target, ...to },
      ];
      return random.pick(treasons.filter(({ kind }) => topology.supported.has(kind)));
    });
  },
};
