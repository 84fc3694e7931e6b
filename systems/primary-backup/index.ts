/**
 * A primary that replicates its log to backups, and fails over.
 *
 * Primary-backup as in Alsberg and Day (1976) and Budhiraja et al. (1993), with epochs and logs as
 * in Viewstamped Replication (Oki and Liskov 1988). The primary of an epoch appends writes to its log
 * and sends them to its backups in order. A client is told when k backups have its write on disk:
 * all of them (`sync`), one (`semi-sync`), none (`async`); the primary itself has it always.
 *
 * Failover. A backup that has not heard from its primary asks for grants for the next epoch. A grant
 * is a durable promise to refuse everything of earlier epochs, and brings the granter's log. With
 * max(majority, N - k) grants the claimant has met every acknowledged write. It takes over the log
 * that reaches furthest, by (epoch of the last entry, length), and serves from then on. Backups cut
 * what differs from its log when they follow it.
 *
 * Why that is linearizable (`sync`, `semi-sync`). An entry is shown to readers once as many nodes
 * hold it as any set of granters must meet (rules.ts). An entry of epoch e so kept is in the log of
 * every later primary, by induction: among its granters one holds the entry, and the log taken over
 * reaches at least as far; it ends either in epoch e, where logs are prefixes of one another, or in
 * an epoch between, whose primary had the entry. What a dead primary stored at too few nodes may
 * survive or not; nobody was told either way. If it survives it is shown only when kept again, below
 * the entry that opens the new epoch (Raft, figure 8, is why an old entry cannot be counted alone).
 * Reads are answered after a round in which a majority, asked after the read came in, has promised
 * no later epoch.
 *
 * `in-sync` waits for whoever keeps up, as Kafka does: for all of a set from which a node is taken out
 * when it falls behind (in-sync.ts). Here a majority of grants will do, if one granter is in the set.
 * That one holds every kept entry, and the induction goes as before.
 *
 * `async` may lose what it acknowledged, and says so: it promises only that the replicas agree in
 * the end. It offers no compare-and-set: "it did not happen" is a promise too, and a log that may be
 * lost cannot keep it (a late duplicate of the request, run again by the next primary, could succeed).
 *
 * Where `reads=backup`, whichever replica is asked answers from the prefix of its log that it knows to
 * be kept. The answer may be old, and a client that goes from one replica to another may see time go
 * back, miss its own write, or see an effect without its cause: so no more is promised than that
 * replicas agree in the end. A client that stays never sees time go back. Where `reads=marked`, the
 * replica first asks the primary how much is kept, which a majority confirms as for a read of its own,
 * and answers once it knows of as much: linearizable again, and the primary is spared the reading.
 *
 * The price of waiting: `sync` takes no writes while any node is away, though reads and failover go
 * on with a majority; `semi-sync` takes writes with one backup, but with five nodes fails over only
 * while four can talk; `in-sync` takes over with a majority, but the last nodes in sync must be among
 * the living, so that with `minInSync=1` any one node may be the one to wait for. Left out: snapshots, membership changes, a pre-vote against disruptive
 * candidates, a primary that steps down when it hears nobody.
 */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { keyValueService } from "./key-value.js";
import { probes } from "./probes.js";
import { Replica } from "./replica.js";
import { groupRecovery, modes } from "./rules.js";

export const primaryBackup: System = {
  name: "primary-backup",
  summary: "a replicated key-value store: a primary with backups, epochs and failover",
  nodeCounts: [3, 5],
  workloads: ["kv"],
  options: {
    mode: {
      summary:
        "whose disk a write waits for: one backup's (semi-sync), all (sync), none (async), or those of all in sync (in-sync)",
      default: "semi-sync",
      values: modes,
    },
    minInSync: {
      summary: "the least size of the in-sync set, where mode=in-sync",
      default: 2,
      values: [2, 1],
    },
    reads: {
      summary:
        "who answers reads: the primary, whichever replica is asked (backup), or that one with the primary's mark (marked)",
      default: "primary",
      values: ["primary", "backup", "marked"],
    },
  },
  bugs,
  invariants: ["election-safety", "leader-completeness"],
  driftPpmMax: 100_000,
  // No lease: a primary asks a majority before it answers a read.
  beyond: {
    drift: ["election-safety", "leader-completeness", "linearizable"],
    "clock-freeze": ["election-safety", "leader-completeness", "linearizable"],
  },
  recovery: groupRecovery,
  probes,
  service: ({ mode, reads }) =>
    mode === "async"
      ? { operations: ["read", "write"], consistency: "lossy" }
      : {
          operations: ["read", "write", "cas"],
          consistency: reads === "backup" ? "eventual" : "linearizable",
        },
  create: (context) => new Replica(context, keyValueService(context)),
};
