/** What can be switched on: mistakes of stores that move shards, by their numbers in the catalogue. */

import type { Bug } from "../system.js";

const notLinearizable = [
  "stale-read",
  "new-old-inversion",
  "double-effect",
  "lost-write",
  "lost-update",
  "split-brain",
  "non-linearizable",
  "divergence",
] as const;

export const bugs: { readonly [name: string]: Bug } = {
  "flip-before-data": {
    id: "H1",
    summary:
      "the table names the new owner when the old one has stopped, before its data has arrived",
    source:
      "Cassandra with auto_bootstrap: false (its documentation): a new node answers for ranges whose data it has not got",
    needs: "a shard that moves",
    checker: "linearizable",
    anomalies: notLinearizable,
  },
  "no-freeze": {
    id: "H2",
    summary:
      "the old owner goes on serving while its copy is on the way, until it hears of the flip",
    source:
      "Jepsen, RethinkDB 2.2.3 reconfiguration (2016): two primaries while a table is reconfigured; Adya et al., Slicer (OSDI 2016), on eventual assignments",
    needs: "a write at the old owner while a shard moves",
    checker: "ownership",
    anomalies: ["two-owners", ...notLinearizable],
  },
  "no-epoch": {
    id: "H3",
    summary: "a node serves whatever is asked of it and it has a copy of: nobody compares epochs",
    source:
      "Cassandra before CEP-21 (2022): replicas take reads and writes for ranges that they do not own any more",
    needs: "a node that routes by an old table",
    checker: "linearizable",
    anomalies: notLinearizable,
  },
  "tie-by-own-list": {
    id: "H4",
    summary:
      "where tokens of two nodes are at one position, each node lists itself first, and so owns it",
    source:
      "CASSANDRA-16364 (2020): nodes that bootstrap together choose the same tokens, and who owns them is settled node by node",
    needs: "nothing but two equal tokens",
    checker: "ownership",
    anomalies: ["two-owners", ...notLinearizable],
    options: { partitioning: "ring" },
  },
  "answers-stay-behind": {
    summary: "a shard moves without its record of what was answered to whom",
    source:
      "MIT 6.824, lab 4 (sharded key/value service): duplicate detection has to move with the shard; MongoDB's session migration (3.6, 2017)",
    needs: "a request that comes to the old owner, and again to the new one",
    checker: "linearizable",
    anomalies: notLinearizable,
  },
};
