/**
 * A store whose keys are spread over the nodes, with transactions across them by three-phase commit.
 *
 * Two-phase commit blocks when a coordinator is lost between the votes and the outcome: a participant
 * that voted yes cannot tell whether another one has committed. Three-phase commit (Skeen, "Nonblocking
 * Commit Protocols", 1981) puts a phase in between, so that nobody commits while anybody may still not
 * know that all have agreed:
 *
 *   1. as in two-phase commit: prepare, and vote;
 *   2. all having said yes, the coordinator asks them to join the commit (pre-commit): each puts that
 *      into its log, forces it, and says so;
 *   3. when enough have joined, the transaction is committed, and all are told.
 *
 * So whoever is left can end the transaction without the coordinator: the termination protocol. How
 * many are enough? If one could tell a crashed node from a slow one, those that are left: one that has
 * joined the commit proves that all agreed, and where nobody has, nobody can have committed. With real
 * networks the two sides of a partition then come to different outcomes (synchronous.ts is that
 * protocol, in the only world in which it is safe). Here it takes quorums (Skeen, "A
 * Quorum-Based Commit Protocol", 1982; see quorums.ts): a participant joins commit or abort, once, and
 * an outcome needs more than the other one can still get. That is safe under any faults; the price is
 * that a minority waits. It can also block a majority, when a partition has cut the sides already
 * joined in an unlucky way (Keidar and Dolev, "Increasing the Resilience of Atomic Commit at No
 * Additional Cost", 1995, lift that with numbered attempts, as Paxos does; left out). When all can talk
 * again everything ends.
 *
 * The coordinator needs no log of its own. All the rest is as in two-phase commit: shards, strict
 * two-phase locking, votes that are durable before they are told (systems/commitment/).
 */

import { CommitmentNode } from "../commitment/node.js";
import { shardedStore } from "../commitment/store.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { QuorumLeader } from "./leader.js";
import { probes } from "./probes.js";
import { ThreePhaseCommit } from "./protocol.js";

/** How long a participant is in doubt before it leads a transaction to its end. */
const DOUBT_MS = { min: 300, max: 500 };

export const threePhaseCommit: System = {
  ...shardedStore,
  name: "three-phase-commit",
  summary: "a sharded transactional store, with three-phase commit and quorums between its shards",
  bugs,
  driftPpmMax: 100_000,
  beyond: { drift: ["atomic-commitment", "strict-serializable"] },
  probes,
  create: (context) =>
    new CommitmentNode(context, (parts) => {
      const leader = new QuorumLeader(parts);
      return new ThreePhaseCommit(parts, { leader, doubtMs: DOUBT_MS });
    }),
};
