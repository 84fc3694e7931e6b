/**
 * A store whose keys are spread over the nodes, with transactions across them by two-phase commit.
 *
 * Each node is one shard, a participant in whatever touches its keys, and the coordinator of what its
 * clients ask for. A transaction reads under shared locks, keeps its writes to itself, and then asks
 * all its shards to prepare (Gray, "Notes on Data Base Operating Systems", 1978; Lampson and Sturgis,
 * 1976):
 *
 *   1. Each participant locks what it is to write, puts its part into its log, forces it, and votes
 *      yes; or it refuses. From a yes on it has given away the right to abort.
 *   2. If all said yes the coordinator forces a commit record: that is the moment of the commit. It
 *      tells the client, and the participants until each has acknowledged. If one refused, or did not
 *      answer in time, it aborts, and remembers nothing: what it does not know was aborted (presumed
 *      abort: Mohan, Lindsay and Obermarck, 1986; see coordinator.ts).
 *
 * A participant in doubt asks (participant.ts). It cannot be helped where the coordinator is down and
 * all others are in doubt as well: two-phase commit is safe always, and blocks sometimes. Any node's
 * keys are gone with it, too, until it is back: there are no replicas. Hence all nodes have to be
 * healthy before all is served again.
 *
 * All locks are kept to the end, and a commit is durable before it is told, so transactions are strict
 * serializable. Deadlocks cannot arise (locks.ts: wait-die). Left out: replicas of shards, checkpoints
 * of the log, transactions of one shard that need no vote.
 */

import { CommitmentNode } from "../commitment/node.js";
import { shardedStore } from "../commitment/store.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { probes } from "./probes.js";
import { TwoPhaseCommit } from "./protocol.js";

export const twoPhaseCommit: System = {
  ...shardedStore,
  name: "two-phase-commit",
  summary: "a sharded transactional store, with two-phase commit between its shards",
  bugs,
  driftPpmMax: 100_000,
  beyond: { drift: ["atomic-commitment", "strict-serializable"] },
  probes,
  create: (context) => new CommitmentNode(context, (parts) => new TwoPhaseCommit(parts)),
};
