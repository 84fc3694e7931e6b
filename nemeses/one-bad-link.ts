/**
 * One bad link in a sound network: two nodes that cannot talk to each other, or hardly, though each can
 * talk to everybody else. The least of all network faults, and the one that condemns the innocent
 * wherever nobody asks a third.
 */

import { countOf, type Nemesis, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const oneBadLink: Nemesis = {
  name: "one-bad-link",
  summary: "cuts the link between two nodes, one way or both, or loses most of what goes over it",
  kinds: ["partition", "loss"],
  faults: (random, topology) => {
    const [a, b] = random.sample(topology.nodes, 2);
    if (a === undefined || b === undefined) return [];
    return Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () => {
      const when = stretch(random, topology, SECOND_US, 4 * SECOND_US);
      switch (random.int(3)) {
        case 0:
          return { kind: "loss", ...when, ppm: 700_000, from: [a], to: [b] };
        case 1:
          return { kind: "partition", shape: "one-link", ...when, pairs: [[a, b]] };
        default:
          return {
            kind: "partition",
            shape: "one-link",
            ...when,
            pairs: [
              [a, b],
              [b, a],
            ],
          };
      }
    });
  },
};
