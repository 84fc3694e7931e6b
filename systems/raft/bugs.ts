/**
 * Bugs that implementations of Raft have had, each a switch located at one `if`.
 */

import { clientVisible } from "../anomalies.js";
import type { Bug } from "../system.js";

/**
 * Committed entries are replaced: the log itself shows it, a server that finds its own log impossible,
 * and clients only if they look.
 */
const LOG_REWRITTEN = [
  "node-threw",
  "disagreement",
  "incomplete-leader",
  "disjoint-quorums",
  ...clientVisible,
] as const;

const TWO_LEADERS = ["two-leaders", ...LOG_REWRITTEN] as const;

export const bugs = {
  "stale-read": {
    id: "R12",
    summary: "the leader answers reads from its own state without making sure that it still leads",
    source: "etcd 0.4.1 and Consul, Jepsen 2014; Raft §8",
    needs: "a leader cut off from the others, and its clients",
    checker: "linearizable",
    anomalies: clientVisible,
  },
  "lease-ignores-drift": {
    id: "R13",
    summary: "the leader's lease lasts a whole election timeout, with no margin for clock drift",
    source: "Ongaro's thesis §6.4.1; Gray & Cheriton, Leases, SOSP 1989",
    needs: "a slow clock at an isolated leader and fast ones at a majority, within the bound",
    checker: "linearizable",
    anomalies: clientVisible,
    nemesis: "clock",
    options: { reads: "lease", electionTimeoutMs: 1_000 },
  },
  "read-index-without-no-op": {
    id: "R14",
    summary: "a new leader answers reads before an entry of its own term is committed",
    source: "Ongaro's thesis §6.4, step 1",
    needs: "a change of leader shortly after a write",
    checker: "linearizable",
    anomalies: clientVisible,
    nemesis: "alternating-leader-crashes",
  },
  "vote-not-durable": {
    id: "R2",
    summary: "the vote is kept in memory only, and forgotten in a crash; the term is durable",
    source: "Raft figure 2 (persistent state)",
    needs: "a voter that restarts while two candidates of one term ask for its vote",
    checker: "election-safety",
    anomalies: TWO_LEADERS,
    nemesis: "restarts",
    options: { preVote: false },
  },
  "count-votes-twice": {
    id: "R4",
    summary: "a candidate counts replies, not voters: a repeated reply is a second vote",
    source: "akka-raft#45, xraft#27",
    needs: "a vote delivered twice to a candidate in a minority",
    checker: "election-safety",
    anomalies: TWO_LEADERS,
    nemesis: "duels",
    options: { preVote: false },
  },
  "vote-ignores-log-term": {
    id: "R7",
    summary: "a voter compares the lengths of logs, not the terms of their last entries",
    source: "Raft §5.4.1",
    needs: "a long uncommitted log on a leader that was cut off and returns",
    checker: "leader-completeness",
    anomalies: LOG_REWRITTEN,
    nemesis: "alternating-leader-crashes",
  },
  "commit-previous-term": {
    id: "R1",
    summary: "a leader commits entries of older terms by counting the servers that hold them",
    source: "Raft §5.4.2, figure 8; PySyncObj#169",
    needs: "two leaders of five servers that crash in turn, soon after they are elected",
    checker: "leader-completeness",
    anomalies: LOG_REWRITTEN,
    nemesis: "alternating-leader-crashes",
    options: { batchEntriesMax: 1, electionTimeoutMs: 100, heartbeatMs: 25 },
  },
  "truncate-always": {
    id: "R8",
    summary: "a follower cuts its log to every AppendEntries it gets, old ones included",
    source: "akka-raft#66, RaftOS#26",
    needs: "a delayed AppendEntries that arrives after a later one, and a change of leader",
    checker: "leader-completeness",
    anomalies: LOG_REWRITTEN,
  },
  "ack-before-commit": {
    id: "R21",
    summary: "the leader acknowledges a write when it is in its own log",
    source: "Redis-Raft, Jepsen 2020 (aborted reads, lost updates)",
    needs: "a leader cut off, or crashed, with writes under way",
    checker: "linearizable",
    anomalies: clientVisible,
  },
  "ack-unsynced": {
    id: "R20",
    summary:
      "servers never wait for an fsync: log, term and vote are written when it suits the disk",
    source: "Raft figure 2 (respond after updating stable storage); etcd --unsafe-no-fsync",
    needs: "crashes of a majority, one after the other",
    checker: "leader-completeness",
    anomalies: [...TWO_LEADERS, "no-recovery", "silent-node"],
    nemesis: "restarts",
  },
  "refusal-names-own-end": {
    summary:
      "a refusal names the end of the follower's log, not the entry refused, and is taken for an old one: the leader never tries further back",
    source: "CubeFS issue 2376 (2023): a follower in conflict got the same entries again and again",
    needs:
      "followers that are behind, or ahead, when a leader is elected that cannot do without them",
    // With everybody back it may still find no majority.
    checker: "conduct",
    anomalies: ["no-recovery", "silent-node"],
  },
  "apply-twice": {
    id: "R15",
    summary: "no session remembers what was applied: a repeated request takes effect again",
    source: "Raft §8; Ongaro's thesis §6.3",
    needs: "a request submitted to two leaders, or doubled by the network",
    checker: "linearizable",
    anomalies: clientVisible,
  },
  "follower-forgets-vote": {
    id: "R3",
    summary: "a server that turns follower forgets its vote, also where the term is the same",
    source: "akka-raft#56",
    needs: "two candidates of one term, and a voter whose first heartbeat came without entries",
    checker: "election-safety",
    anomalies: TWO_LEADERS,
    nemesis: "duels",
    options: { preVote: false, checkQuorum: false },
  },
  "candidate-votes-again": {
    id: "R5",
    summary: "a candidate counts itself without casting its vote, and grants it to another",
    source: "DaosRaft, pull request 70",
    needs: "two candidates of one term",
    checker: "election-safety",
    anomalies: TWO_LEADERS,
  },
  "half-is-majority": {
    id: "R6",
    summary: "the size of a majority is rounded up from a half: two of four are enough",
    source: "akka-raft#42",
    needs: "four servers, cut in halves",
    checker: "quorum-overlap",
    anomalies: TWO_LEADERS,
  },
  "match-goes-back": {
    id: "R9",
    summary:
      "the leader takes every answer for the latest: what it knows a follower to have goes back",
    source: "PySyncObj#167 (2022), RaftOS#25 (2023)",
    needs: "two answers of a follower in the wrong order",
    checker: "never-back",
    anomalies: ["match-went-back"],
  },
  "commit-goes-back": {
    id: "R10",
    summary: "a follower takes over the leader's commit index, also where it is behind its own",
    source: "PySyncObj#166 (2022)",
    needs: "a heartbeat that is late, or a new leader that knows less",
    checker: "never-back",
    anomalies: ["commit-went-back", ...LOG_REWRITTEN],
  },
  "term-goes-back": {
    id: "R11",
    summary: "a server adopts the term of whatever answer it gets, an older one too",
    source: "WRaft, pull request 118",
    needs: "an answer that comes after the term has changed",
    checker: "never-back",
    anomalies: ["term-went-back", "commit-went-back", ...TWO_LEADERS],
  },
  "change-before-commit": {
    id: "R16",
    summary: "a leader changes the membership before it has committed an entry in its term",
    source: "Ongaro, raft-dev 2015 (bug in single-server membership changes)",
    needs: "two leaders of four that each change the same configuration",
    checker: "quorum-overlap",
    anomalies: [...TWO_LEADERS, "no-recovery", "silent-node"],
    nemesis: "rival-changes",
  },
  "newcomer-votes": {
    id: "R17",
    summary:
      "a server that comes back under its name without its disk votes as if it had always been there",
    source: "Vanlightly, raft-tlaplus (2022), on server identities",
    needs: "servers that return without their disks, and one that missed their removal",
    checker: "quorum-overlap",
    anomalies: [...TWO_LEADERS, "no-recovery", "silent-node"],
    nemesis: "blank-returns",
  },
  "disruptive-candidates": {
    id: "R18",
    summary:
      "no pre-vote and no check of quorums: a server that cannot hear the leader deposes it again and again",
    source:
      "Howard & Abraham, Raft does not Guarantee Liveness in the face of Network Faults, 2020",
    needs: "a bridge between two sides, and a leader on one of them",
    checker: "stable-leader",
    anomalies: ["leader-churn", "no-recovery"],
    nemesis: "bridge",
  },
  "install-keeps-log": {
    id: "R19",
    summary:
      "a leader's snapshot does not clear the log's file: after a restart old entries follow the snapshot",
    source:
      "Raft §7, figure 13: the entire log is discarded; cf. Redis-Raft, Jepsen 2020 (total data loss on failover)",
    needs: "a laggard that installs a snapshot and then restarts",
    checker: "agreement",
    anomalies: [...TWO_LEADERS, "no-recovery", "silent-node"],
    nemesis: "laggards",
    options: { snapshotEvery: 20 },
  },
} as const satisfies { [name: string]: Bug };
