/** What can be switched on: mistakes of leaderless stores, by their numbers in the catalogue. */

import { registersAstray } from "../anomalies.js";
import type { Bug } from "../system.js";

export const bugs: { readonly [name: string]: Bug } = {
  "weak-quorum": {
    id: "Q1",
    summary: "reads ask N - W replicas: R + W = N, so that quorums can miss each other",
    source: "DeCandia et al., Dynamo (SOSP 2007), section 4.5; Cassandra at consistency level ONE",
    needs: "one replica that missed a write",
    checker: "linearizable",
    anomalies: registersAstray,
  },
  "hints-count": {
    id: "Q2",
    summary: "a stand-in's hint counts as one of W, though reads ask the homes only",
    source:
      "Dynamo 2007, section 4.6; Riak's sloppy quorums; Kingsbury, Jepsen: Riak (2013); Cassandra's level ANY",
    needs: "a home that a coordinator cannot reach, W being larger than R",
    checker: "linearizable",
    anomalies: registersAstray,
    options: { r: 1, w: 3 },
  },
  "no-write-back": {
    id: "Q3",
    summary: "a read answers without seeing to it that W replicas have what it saw",
    source: "Attiya, Bar-Noy, Dolev 1995, the reader's second phase; CASSANDRA-10726 (2015)",
    needs: "one slow replica, and two reads of others while a write waits for it",
    checker: "linearizable",
    anomalies: registersAstray,
    workload: "register",
    options: { r: 1, w: 3 },
  },
  "failed-write-repaired": {
    id: "Q4",
    summary: "a write that reached fewer than W replicas is reported as failed, and repaired later",
    source:
      "Cassandra: WriteTimeoutException says that too few answered, not that the write failed",
    needs: "a replica that cannot be reached, W being larger than R",
    checker: "linearizable",
    anomalies: [...registersAstray, "aborted-read"],
    options: { r: 1, w: 3 },
  },
  "blind-hint-replay": {
    id: "Q5",
    summary: "a home takes what a hint brings without looking at versions: the old value wins",
    source:
      "Dynamo 2007, section 4.4: versions say which is older; a hint's mutation in Cassandra has its timestamp",
    needs: "a home that missed a write and hears of a newer one before the hint comes",
    checker: "linearizable",
    anomalies: registersAstray,
  },
  "hints-expire": {
    id: "Q6",
    summary: "a stand-in drops a hint after half a second, whether its home has it or not",
    source:
      "Cassandra: max_hint_window_in_ms, hints that are dropped unless somebody runs a repair",
    needs: "homes that are cut off for longer than that from a quorum of stand-ins",
    checker: "eventual",
    anomalies: ["lost-write", "divergence"],
    nemesis: "partition",
    workload: "write-once",
    options: { sloppy: true },
  },
  "unmarked-degraded-read": {
    id: "Q7",
    summary: "an answer of fewer than R replicas is given without the mark that it may be old",
    source:
      "DowngradingConsistencyRetryPolicy of the DataStax Java driver, deprecated in 2018 (JAVA-1752)",
    needs: "a coordinator that cannot reach R replicas",
    checker: "linearizable",
    anomalies: registersAstray,
    workload: "degraded-reads",
  },
  "tag-without-writer": {
    id: "Q8",
    summary: "a tag is a number only: two writers may give it to two values",
    source:
      "Lynch and Shvartsman 1997: tags are pairs; Kingsbury, Jepsen: Cassandra (2013), on equal timestamps",
    needs: "two writers of one key at the same time",
    checker: "linearizable",
    anomalies: registersAstray,
    workload: "register",
  },
  "forgets-deletes": {
    id: "Q9",
    summary: "a replica forgets a deleted key at once, tombstone and all: repairs bring it back",
    source: "ScyllaDB issue 8970 (2021); Cassandra's manual on tombstones: zombies",
    needs: "a replica that missed a delete",
    checker: "linearizable",
    anomalies: registersAstray,
    workload: "deletes",
  },
};
