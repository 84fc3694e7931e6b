/** The mistakes that can be switched on in gossip, each the real mistake at one place. */

import type { Bug } from "../system.js";

export const bugs: { readonly [name: string]: Bug } = {
  "fixed-rounds": {
    id: "G1",
    summary:
      "a rumour is pushed for a fixed number of rounds, and nothing makes up for its failure",
    source: "Demers et al. 1987, section 1.4: rumours may die before everybody knows them",
    needs: "a rumour that is lost, or told to the same peer by all",
    checker: "broadcast",
    anomalies: ["lost-element", "stale-element", "divergence"],
    workload: "broadcast",
    options: { style: "push" },
  },
  "no-checksum": {
    id: "G2",
    summary: "letters are believed as they arrive",
    source: "Amazon S3, 20 July 2008: one flipped bit in gossiped state, and all of S3 was down",
    needs: "a message altered on its way",
    checker: "broadcast",
    anomalies: [
      "garbage-element",
      "lost-element",
      "stale-element",
      "duplicate-element",
      "divergence",
      "node-threw",
      "silent-node",
      "future-element",
    ],
    workload: "broadcast",
    nemesis: "corruption",
  },
  "forgets-removals": {
    id: "G3",
    summary:
      "a removal is a rumour only and leaves no tombstone: who missed it brings the member back to all",
    source:
      "Demers et al. 1987, section 2: deleted items come back without death certificates; Cassandra 2012: removed nodes did",
    needs: "a node that does not hear of the removal at once",
    checker: "or-set",
    anomalies: ["resurrected-element", "divergence"],
    workload: "or-set",
  },
  "old-wins": {
    id: "G4",
    summary: "anti-entropy compares versions the wrong way round, and gives what is older",
    source: "Demers et al. 1987, section 1.3: resolve-difference keeps the later timestamp",
    needs: "an overwritten value that somebody has missed the end of",
    checker: "coherence",
    anomalies: [
      "non-coherent",
      "CoWW",
      "CoRW1",
      "CoWR0",
      "CoRW2",
      "CoWR",
      "CoRR",
      "CoRR2",
      "divergence",
    ],
    workload: "convergence",
  },
  "no-retry": {
    id: "G5",
    summary: "a message is sent to every peer once, and never again",
    source: "Maelstrom, chapter 3: a broadcast without retries loses messages in a partition",
    needs: "a partition, a crash or a lost message",
    checker: "broadcast",
    anomalies: ["lost-element", "stale-element", "divergence"],
    workload: "broadcast",
    nemesis: "partition",
  },
};
