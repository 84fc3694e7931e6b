/** What goes wrong where several nodes take writes at once. */

import type { Bug } from "../system.js";

export const lastWriterBugs: { readonly [name: string]: Bug } = {
  "wall-clock": {
    id: "M1",
    summary: "stamps are the node's calendar time: a later write loses to one of a faster clock",
    source: "Jepsen: Cassandra (2013) and Riak (2013): last-write-wins drops acknowledged writes",
    needs: "a write that overwrites what a node with a faster clock wrote",
    checker: "coherence",
    anomalies: ["non-coherent", "CoWW", "CoRW1", "CoWR0", "CoRW2", "CoWR", "CoRR", "CoRR2"],
    workload: "convergence",
    nemesis: "none",
  },
  "tie-keeps-local": {
    id: "M2",
    summary: "stamps that differ only in their node are taken for equal, and what is there stays",
    source: "Shapiro et al. 2011, section 3.2.1: stamps must be totally ordered",
    needs: "two writes of one key on two nodes in one millisecond",
    checker: "eventual",
    anomalies: ["divergence"],
    workload: "convergence",
    nemesis: "none",
  },
  "tombstone-collected-early": {
    id: "M3",
    summary: "a tombstone is forgotten before every leader has seen it",
    source: "Cassandra, gc_grace_seconds: a node that was away for longer brings deleted data back",
    needs: "a delete, and an older write that comes later than the grace",
    checker: "convergence",
    anomalies: ["divergence"],
    workload: "deletes",
  },
  "no-origin-filter": {
    id: "M6",
    summary: "a leader takes its own changes when they come back, and passes them on again",
    source: "MySQL circular replication with --replicate-same-server-id",
    needs: "a ring of leaders",
    checker: "replication",
    anomalies: ["replication-loop"],
    workload: "replication",
    options: { topology: "ring" },
    nemesis: "none",
  },
  "unique-on-each-leader": {
    id: "M7",
    summary: "whether a name is taken is looked up at the leader that is asked",
    source: "Kleppmann, Designing Data-Intensive Applications (2017), multi-leader conflicts",
    needs: "two claims of one name at two leaders at a time",
    checker: "uniqueness",
    anomalies: ["uniqueness-violated"],
    workload: "unique-names",
    nemesis: "none",
  },
};

export const siblingBugs: { readonly [name: string]: Bug } = {
  "vector-without-dots": {
    id: "M4",
    summary: "one entry for each leader counts the writes of all its clients, seen or not",
    source: "Preguiça et al. 2010, Dotted Version Vectors: lost updates with per-server vectors",
    needs: "two clients that write through one leader",
    checker: "mv-register",
    anomalies: ["lost-write"],
    nemesis: "none",
  },
  "vector-pruned": {
    id: "M5",
    summary: "vectors keep the largest two entries, and forget what the others had covered",
    source: "DeCandia et al. 2007 (Dynamo), section 4.4: truncation of vector clocks",
    needs: "writes of one key through three leaders",
    checker: "mv-register",
    anomalies: ["resurrected-value", "lost-write", "divergence"],
  },
};
