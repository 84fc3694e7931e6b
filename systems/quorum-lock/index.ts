/**
 * A lock that q of N replicas grant, for a while: leases, quorums and fencing tokens.
 *
 * Voting as in Gifford (1979), leases as in Gray and Cheriton (1989). A node that wants a key for its
 * client asks every replica to grant it for `leaseMs` under a token above all it has heard of. A
 * replica grants what is free, or what ran out by its own clock, and never a token twice. Since
 * 2q > N, two quorums have a replica in common: one holder at a time, and every holder has a greater
 * token than those before. While at most N - q replicas fail, a quorum is left: it is live.
 *
 * Whose clock? Each its own, and only for spans, so that nobody's calendar matters. The holder counts
 * from when it *asked*, the replica from when it was asked, which is later. The holder's span is
 * shorter by what two clocks may drift apart in it (rules.ts). A grant is on disk before it is given,
 * and counts anew after a restart (granter.ts). So if clocks keep within the drift promised, no two
 * clients ever believe to hold the lock at once.
 *
 * A client may believe so and still act too late: paused after it looked at its clock. That cannot be
 * excluded by waiting, so the store that the lock protects checks tokens (guarded-store.ts). What is
 * left if clocks lie is the store: two may then hold the lock, but nothing is lost.
 *
 * Left out: renewal (lease-election has it), waiting in the order of arrival, several keys at once.
 */

import { majorityOf } from "../../src/base/majority.js";
import { DRIFT_PPM_MAX, quorumOf, spanRange } from "../locks/rules.js";
import { LockNode, lockProbes, lockService } from "../locks/service.js";
import type { System } from "../system.js";
import { QuorumLock } from "./holder.js";

export const quorumLock: System = {
  name: "quorum-lock",
  summary: "locks that a quorum of replicas grants for a while, with fencing tokens",
  nodeCounts: [3, 5],
  workloads: ["lock"],
  options: {
    quorum: {
      summary: "replicas that must grant the lock, at most all; 0 for a majority, the least",
      default: 0,
      range: [0, 100],
      within: (_, nodes) => [majorityOf(nodes), nodes],
    },
    leaseMs: {
      summary: "how long a grant lasts by its replica's clock",
      default: 600,
      range: spanRange,
    },
  },
  bugs: {
    "tokens-in-memory": {
      id: "L5a",
      summary: "replicas keep the highest token in memory only, and count from one after a restart",
      source:
        "Kleppmann, How to do distributed locking (2016): a counter on one Redis node is not enough",
      needs: "restarts of a quorum while nobody holds the lock",
      checker: "fencing",
      anomalies: ["token-regression", "stale-writer", "mutual-exclusion"],
      nemesis: "restarts",
      options: { locks: 6 },
    },
    "token-unchecked": {
      id: "L5b",
      summary: "writes bring their token, and the store does not look at it",
      source: "Kleppmann, How to do distributed locking (2016): the storage must check tokens",
      needs: "a holder that acts after its lease: a pause, or a slow message",
      checker: "fencing",
      anomalies: ["stale-writer", "lost-update"],
    },
    "half-quorum": {
      id: "L6",
      summary: "half of the replicas, rounded down, make a quorum: two of them can miss each other",
      source: "Gifford, Weighted voting for replicated data (1979): 2w > N",
      needs: "two who ask at once, or a partition",
      checker: "mutual-exclusion",
      anomalies: ["mutual-exclusion", "token-regression", "lost-update", "stale-writer"],
    },
    "lease-not-rechecked": {
      id: "L9",
      summary: "a lease counts from when the wait for its grants was over, however long that was",
      source: "Jepsen: etcd 3.4.3 (2020): locks were acquired after their lease had expired",
      needs: "slow grants, and somebody who waits for the lock",
      checker: "mutual-exclusion",
      anomalies: ["mutual-exclusion"],
      nemesis: "late-answers",
    },
    "owner-unchecked": {
      id: "L10",
      summary: "a replica frees a lock for whoever names its token, be it the owner or not",
      source: "Redis documentation, SET: why a random value and a script, not DEL",
      needs: "two who ask under one token: who got no quorum gives back what the other has",
      checker: "mutual-exclusion",
      anomalies: ["mutual-exclusion"],
    },
  },
  invariants: [],
  driftPpmMax: DRIFT_PPM_MAX,
  beyond: { drift: ["fencing"] },
  recovery: {
    core: (nodeCount, { quorum }) => quorumOf(quorum, nodeCount),
    withinMs: ({ leaseMs }) => 4_000 + 2 * Number(leaseMs),
  },
  probes: [
    ...lockProbes,
    "a round for the lock found no quorum",
    "a replica's grant ran out",
    "a replica restarted with a grant",
  ],
  service: () => lockService,
  create: (context) => {
    const checkTokens = !context.bugs.has("token-unchecked");
    return new LockNode(context, new QuorumLock(context), { checkTokens });
  },
};
