/**
 * Nodes that lose their disk: the machine is replaced, or somebody removed a directory. What was
 * durable is not, and the node boots as if it had never lived.
 *
 * A protocol bears this of some nodes only, if of any. Whom it hits is drawn by fixed names, so that
 * how many they are can be told from the plan.
 */

import { COMMON, countOf, type Nemesis, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const wipe: Nemesis = {
  name: "wipe",
  summary: "crashes nodes, which lose their whole disk, and restarts them",
  kinds: ["wipe"],
  swarmOdds: COMMON,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 50, 3 * SECOND_US),
      kind: "wipe",
      target: random.pick(topology.nodes),
    })),
};
