/**
 * A transactional key-value store: multi-version replicas on a replicated log, and four isolation
 * levels, each by the mechanisms that databases use for it.
 *
 * Any node coordinates the transactions of its clients. It reads, keeps the writes to itself, and in
 * the end sends one record of them all through the log (replicated-log.ts), which every node applies
 * in the same order, at once or not at all (state-machine.ts). The place in the log is the commit
 * timestamp, and what a snapshot is named by. Aborted and unfinished transactions leave no trace:
 * nobody reads what is not committed, at any level. On this ground (isolation.ts):
 *
 * - read committed: a read sees the latest commit that its node knows of, so two reads may see
 *   different moments. Writes lock their keys at the leader until they are applied, so that a
 *   transaction that reads back what it wrote sees it where it will stand. Lost updates, read skew
 *   and stale reads happen; dirty reads and writes do not.
 * - snapshot isolation: reads see the node's state at the beginning, which may be behind; the first
 *   committer wins (generalized snapshot isolation). Write skew and old snapshots happen.
 * - serializable, in one of three ways, none of them strict: reads may be of an old state.
 *   By certification: the same snapshots, but a transaction that writes commits only if all it read is
 *   unchanged, and takes effect as a whole at its place in the log. One that only reads takes effect at
 *   its snapshot. By `ssi`: serializable snapshot isolation (ssi.ts), which refuses only what may be
 *   part of a circle, and therefore takes transactions that only read through the log, too. By
 *   `locking`: two-phase locking as below for those that write, while those that only read do so from
 *   a snapshot without a lock (mixed methods: Bernstein, Hadzilacos and Goodman 1987, 5.5).
 * - strict serializable: strict two-phase locking at the leader, reads included (Gray and Reuter
 *   1993), with wait-die against deadlocks, and every transaction through the log: nothing is
 *   believed of a leader that may have been deposed (leader.ts).
 *
 * Nothing is applied twice: a coordinator takes each request once, and the state keeps the last
 * decision of each client. Predicates are scans of ranges of rows (ranges.ts, scan-insert.ts): phantoms
 * happen below serializable. Which anomalies appear where is measured in docs/isolation.md. Left out:
 * shards and two-phase commit between them, garbage collection, waiting instead of aborting on write
 * conflicts under snapshot isolation.
 */

import { majorityOf } from "../../src/base/majority.js";
import { whereAnswered } from "../commitment/patience.js";
import { isolationLevels, type System } from "../system.js";
import { bugs } from "./bugs.js";
import { levelOf, serializableBy } from "./isolation.js";
import { TransactionalNode } from "./node.js";
import { probes } from "./probes.js";
import { operations, stepSpec, workloads } from "./service.js";

export const txn: System = {
  name: "txn",
  summary: "a transactional key-value store with four isolation levels, on a replicated log",
  nodeCounts: [3, 5],
  workloads: [...workloads, "phantom"],
  options: {
    isolation: {
      summary: "what transactions are kept from seeing of each other",
      default: "strict-serializable",
      values: isolationLevels,
    },
    serializableBy: {
      summary: "what keeps transactions serializable under isolation=serializable",
      default: "certification",
      values: serializableBy,
      only: { isolation: "serializable" },
    },
    stepMs: stepSpec(8),
  },
  bugs,
  invariants: ["election-safety", "agreement"],
  driftPpmMax: 100_000,
  // The log does not rest on clocks; how long a leader remembers a coordinator's locks does.
  beyond: {
    drift: ["election-safety", "agreement"],
    "clock-freeze": ["election-safety", "agreement"],
  },
  // An election, and then the locks of coordinators that are gone.
  recovery: { core: majorityOf, withinMs: whereAnswered(6_000) },
  probes,
  service: ({ isolation }) => ({
    operations: [...operations, "scan-insert"],
    consistency: levelOf(isolation),
  }),
  create: (context) => new TransactionalNode(context),
};
