/** Nemeses that stop nodes: for good until restarted, for a while, or a little at each step. */

import { anyone, COMMON, countOf, type Nemesis, SOMETIMES, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const crash: Nemesis = {
  name: "crash",
  summary: "crashes nodes, which lose what they had not synced, and restarts them",
  kinds: ["crash"],
  swarmOdds: COMMON,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 2 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 50, 3 * SECOND_US),
      kind: "crash",
      target: anyone(random, topology),
    })),
};

export const pause: Nemesis = {
  name: "pause",
  summary: "pauses nodes (a long garbage collection, a stopped virtual machine) and resumes them",
  kinds: ["pause"],
  swarmOdds: COMMON,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 3 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 50, 3 * SECOND_US),
      kind: "pause",
      target: anyone(random, topology),
    })),
};

export const slowNodes: Nemesis = {
  name: "slow-nodes",
  summary:
    "lets nodes take up to ten milliseconds for each message and timer, so that work piles up",
  kinds: ["slow"],
  swarmOdds: SOMETIMES,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 10, 4 * SECOND_US),
      kind: "slow",
      target: anyone(random, topology),
      costUs: random.magnitude(100, 10_000),
    })),
};
