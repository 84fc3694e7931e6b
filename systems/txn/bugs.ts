/**
 * Bugs that transactional databases have had, each a switch located at one `if`.
 *
 * A cycle is named after what it takes: `G-single-item` has one anti-dependency, `G2-item` several;
 * `-process` and `-realtime` say that it is one only in the order of sessions, or of real time.
 */

import type { Bug } from "../system.js";

/** Two transactions that both changed what neither saw the other change. */
const LOST_UPDATE = [
  "lost-update",
  "G-single-item",
  "G-nonadjacent-item",
  "G2-item",
  "G-cursor",
  "incompatible-order",
  "internal",
  "G0",
  "G1c",
] as const;

/** Reads of what is not committed, or never will be. */
const DIRTY = ["G1a", "G1b", "G1c", "dirty-update"] as const;

/** What was already over is not seen: by the same client, or by anybody. */
const STALE = [
  "G-single-item-process",
  "G-nonadjacent-item-process",
  "G2-item-process",
  "G-single-item-realtime",
  "G-nonadjacent-item-realtime",
  "G2-item-realtime",
] as const;

/** A write lands on a later one, which registers show only by what came before what. */
const OVERWRITTEN = ["G0-process", "G0-realtime", "G1c-process", "G1c-realtime"] as const;

export const bugs = {
  "no-first-committer-wins": {
    summary: "a commit is not refused when another one changed the same key since its snapshot",
    source: "TiDB 2.1.7, Jepsen 2019: conflicting writes were applied again, blindly",
    needs: "two transactions that read and write one key at the same time",
    checker: "snapshot-isolation",
    anomalies: LOST_UPDATE,
    options: { isolation: "snapshot-isolation" },
  },
  "certifies-writes-only": {
    summary: "at a serializable commit only the keys written are looked at, not those read",
    source: "PostgreSQL 12.3, Jepsen 2020 (G2-item under serializable)",
    needs: "two transactions that each read what the other writes",
    checker: "serializable",
    anomalies: ["G2-item"],
    options: { isolation: "serializable" },
  },
  "stale-replica-read": {
    summary: "transactions that only read are answered from the replica that the client talks to",
    source: "VoltDB 6.3, Jepsen 2016: transactions that only read did so from any replica",
    needs: "a replica that is behind",
    checker: "strict-serializable",
    anomalies: STALE,
  },
  "snapshot-per-read": {
    summary: "each read of a transaction takes a new snapshot instead of the transaction's own",
    source: "MariaDB Galera Cluster, Jepsen 2015: transactions read partially committed state",
    needs: "a commit between two reads of one transaction",
    checker: "serializable",
    anomalies: ["G-single-item", "G-nonadjacent-item", "G2-item", "internal", "incompatible-order"],
    options: { isolation: "serializable" },
  },
  "lost-lock-on-failover": {
    summary: "a new leader accepts transactions whose locks only the old leader knew",
    source:
      "Kleppmann, How to do distributed locking, 2016: no fencing token; etcd 3.4.3, Jepsen 2020",
    needs: "a change of leader in the middle of two transactions on one key",
    checker: "strict-serializable",
    anomalies: [...LOST_UPDATE, ...STALE, ...OVERWRITTEN],
  },
  "double-append-on-retry": {
    summary: "a commit sent again because no answer came counts as a new one, and is applied twice",
    source: "jetcd 0.8.2, Jepsen 2024: retries made transactions execute more than once",
    needs: "an answer that is late or lost, or a change of leader",
    // The first copy to arrive may win, and the coordinator hear of the one that lost.
    checker: "serializable",
    anomalies: ["duplicate-elements", "G1a", "dirty-update", ...LOST_UPDATE],
    options: { isolation: "serializable" },
  },
  "reads-uncommitted": {
    summary: "a read sees what other transactions of its node have written and not committed yet",
    source: "VoltDB 6.3, Jepsen 2016: reads saw writes that were never committed",
    needs: "two transactions at one node, one of which reads what the other writes",
    checker: "read-committed",
    anomalies: [...DIRTY, "incompatible-order"],
    options: { isolation: "read-committed" },
  },
  "commits-write-by-write": {
    summary: "the writes of a transaction go to the log one by one, and its locks before them",
    source: "Cassandra 2.0.0, Jepsen 2013: writes of two batches to one row mixed, cell by cell",
    needs: "two transactions that write the same keys at the same time",
    checker: "read-committed",
    anomalies: ["G0", ...DIRTY, "incompatible-order"],
    options: { isolation: "read-committed" },
  },
  "snapshot-taken-late": {
    summary: "a commit is certified against a snapshot of its end, not that from which it read",
    source:
      "MySQL 8.0.34, Jepsen 2023: repeatable read let updates be lost that came after its snapshot",
    needs: "a commit between the reads of a transaction and its own",
    checker: "snapshot-isolation",
    anomalies: LOST_UPDATE,
    options: { isolation: "snapshot-isolation" },
  },
  "unlocks-before-commit": {
    summary: "locks are freed when the record is sent to the log, before it is applied",
    source:
      "Johnson and others, Aether, 2010: early lock release is safe only if all who follow wait for the log",
    needs: "two transactions on one key, one after the other",
    checker: "strict-serializable",
    anomalies: [...LOST_UPDATE, ...STALE, ...OVERWRITTEN],
  },
  "inserts-ignore-ranges": {
    summary:
      "an insert conflicts with readers of its row, and not with those who scanned its range",
    source: "PostgreSQL 15.3, bug 17949 (2023): inserts into an empty index met no predicate lock",
    needs: "two transactions that each scan a range and insert a row into it",
    checker: "write-skew",
    anomalies: ["write-skew"],
    options: { isolation: "serializable", serializableBy: "ssi" },
    workload: "phantom",
  },
  "forgets-committed-reads": {
    summary: "what a transaction has read is forgotten when it commits, though others go on",
    source:
      "YDB, pull request 18234, 2025: read locks were lost, and transactions in conflict committed",
    needs: "two transactions that each read what the other writes",
    checker: "serializable",
    anomalies: ["G2-item"],
    options: { isolation: "serializable", serializableBy: "ssi" },
  },
  "readers-leave-no-trace": {
    summary: "transactions that only read are taken for harmless, and their reads not remembered",
    source: "Fekete, O'Neil and O'Neil, 2004: the read-only transaction anomaly",
    needs: "a reader that sees one of two transactions, the later in any serial order",
    checker: "serializable",
    anomalies: ["G2-item"],
    options: { isolation: "serializable", serializableBy: "ssi" },
  },
  "committed-pivots-pass": {
    summary: "only a commit that is itself the pivot is refused, not one that completes another's",
    source:
      "Berkeley DB 5.3.34, issue 136 (2026): a commit that had passed its check became a pivot afterwards",
    needs: "three transactions, of which the pivot commits before the one that it must follow",
    checker: "serializable",
    anomalies: ["G2-item"],
    options: { isolation: "serializable", serializableBy: "ssi" },
  },
  "timeout-is-abort": {
    summary: "a commit whose fate is not known in time is reported as aborted",
    source: "jetcd 0.8.2, Jepsen 2024: transactions appeared to fail and had succeeded",
    needs: "a commit that takes effect after its coordinator has lost patience",
    checker: "strict-serializable",
    anomalies: ["G1a", "dirty-update"],
  },
} as const satisfies { [name: string]: Bug };
