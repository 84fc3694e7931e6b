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
  "timeout-is-abort": {
    summary: "a commit whose fate is not known in time is reported as aborted",
    source: "jetcd 0.8.2, Jepsen 2024: transactions appeared to fail and had succeeded",
    needs: "a commit that takes effect after its coordinator has lost patience",
    checker: "strict-serializable",
    anomalies: ["G1a", "dirty-update"],
  },
} as const satisfies { [name: string]: Bug };
