/** Mistakes that replicated databases and logs have really made, each a switch located at one `if`. */

import { notLinearizable } from "../anomalies.js";
import type { Bug } from "../system.js";

/** A kept entry is gone: the next primary's log shows it, clients only if they look. */
const NOT_HANDED_ON = ["incomplete-leader", ...notLinearizable] as const;

/** Logs that go their own ways: replicas disagree, or undo each other's entries until none answers. */
const TORN_APART = [...NOT_HANDED_ON, "divergence", "silent-node", "no-recovery"] as const;

export const bugs = {
  "promote-behind": {
    id: "B1",
    summary: "a backup is promoted with the log it has, without taking over a longer one",
    source: "Redis Sentinel and MySQL failover without GTID catch-up: the missing tail is lost",
    needs: "a backup that is behind, and a primary that stops",
    checker: "linearizable",
    anomalies: NOT_HANDED_ON,
  },
  "no-fencing": {
    id: "B2",
    summary: "backups take entries of earlier epochs, and a deposed primary goes on serving",
    source: "GitHub's outage of October 2018; Elasticsearch issue 2488 (2014)",
    needs: "a primary cut off until a backup is promoted",
    checker: "linearizable",
    anomalies: TORN_APART,
  },
  "shows-before-ack": {
    id: "B3",
    summary: "a write is shown to readers once the primary has it, before its backup does",
    source: "MySQL: rpl_semi_sync_source_wait_point = AFTER_COMMIT (the only way before 5.7)",
    needs: "a primary that stops between a write's commit and the backup's answer",
    checker: "leader-completeness",
    anomalies: NOT_HANDED_ON,
  },
  "degrades-silently": {
    id: "B4",
    summary: "waits 200 ms for a backup, then acknowledges without it",
    source: "MySQL: rpl_semi_sync_source_timeout falls back to asynchronous replication",
    needs: "a primary cut off with writes in flight",
    checker: "linearizable",
    anomalies: NOT_HANDED_ON,
    nemesis: "partition",
  },
  "truncates-to-watermark": {
    id: "B5",
    summary: "a node that restarts cuts its log to what it last knew to be kept, which is old news",
    source: "Kafka before 0.11, KIP-101 (2016): truncation to the local high watermark",
    needs: "a backup that restarts, and a primary that stops before it has sent the rest again",
    checker: "leader-completeness",
    anomalies: NOT_HANDED_ON,
    options: { reads: "marked" },
  },
  "unclean-election": {
    id: "B6",
    summary: "a majority elects a primary though no node that is in sync is among them",
    source: "Kafka 0.8, Jepsen 2013: unclean.leader.election.enable = true, the default until 0.11",
    needs: "an in-sync set that shrinks, and then stops",
    checker: "leader-completeness",
    anomalies: NOT_HANDED_ON,
    options: { mode: "in-sync", minInSync: 1 },
  },
  "grants-whoever-asks": {
    id: "B7",
    summary: "a node grants an epoch to every claimant that it sees, not to the first alone",
    source: "Elasticsearch issue 2488 (2014): intersecting partitions; one vote a term since 7.0",
    needs: "two claimants that do not hear each other, and a node that hears both",
    checker: "election-safety",
    anomalies: ["two-leaders", ...TORN_APART],
  },
  "acks-unsynced": {
    id: "B8",
    summary: "a backup answers for entries that it has received and not synced",
    source: "Kafka acknowledges without fsync (log.flush.interval.messages); Redpanda on it, 2023",
    needs: "a backup that crashes, and a primary that stops",
    checker: "leader-completeness",
    // The primary sends on from what was answered for: a backup that lost it never fits again.
    anomalies: TORN_APART,
    options: { mode: "sync" },
  },
  "no-freshness-mark": {
    id: "B9",
    summary: "a backup answers a read from what it has, not asking how much is kept by now",
    source: "MySQL read replicas behind a load balancer; MongoDB secondary reads before sessions",
    needs: "a backup behind a slow link, and a reader that comes from another node",
    checker: "linearizable",
    anomalies: ["stale-read", "new-old-inversion", "non-linearizable"],
    options: { reads: "marked" },
  },
} as const satisfies { [name: string]: Bug };
