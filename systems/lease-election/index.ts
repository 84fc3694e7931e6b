/**
 * Leader election by leases: one leader at a time, not only one per term.
 *
 * Consensus lets a deposed leader believe for a while; whoever acts without asking (reads from its
 * own memory, writes to a disk, drives a machine) needs more. A quorum grants the leadership for
 * `leaseMs`, and grants it to nobody else meanwhile (Gray and Cheriton 1989, "Leases"; with a quorum
 * of grantors in place of one server: Lamport's leader leases, Chubby 2006, PaxosLease 2009). The
 * leader asks for more time every `periodMs`. Cut off, it stops by itself.
 *
 * All that matters is whose clock says when. Only spans are exchanged, never times of day:
 * - The leader counts from when it *sent* the request that a quorum granted, a grantor from when it
 *   received it, which is later. Counting from the answer would add the network's delay to the lease.
 * - Clocks run at different rates, each within rho of true time. Over a span P two of them drift
 *   apart by 2 rho P. So the leader stops G before its lease is over: G >= 2 rho P. Clocks that are
 *   set to one another need that for the period P between two settings; these are never set, and P is
 *   the lease, since every renewal begins a new span.
 * - A clock that can be set is not used at all: a step of the calendar is no span.
 * - A grantor that restarts does not know how long it was away, and counts anew (locks/granter.ts).
 * - Before every act the leader looks at its clock. A pause between look and act is not excluded:
 *   that is what terms are for, as fencing tokens where the leader writes (see quorum-lock).
 *
 * Nodes record that they lead whenever they look and find so, which is what single-leader judges.
 * Left out: what a leader is for; handing over on purpose; a preference for who leads.
 */

import { majorityOf } from "../../src/base/majority.js";
import { DRIFT_PPM_MAX, guardMs, spanRange } from "../locks/rules.js";
import type { System } from "../system.js";
import { LeaseNode } from "./node.js";

const twice = ["split-brain", "stale-leader"] as const;

export const leaseElection: System = {
  name: "lease-election",
  summary: "one leader at a time, by leases that a quorum grants, with a guard time for drift",
  nodeCounts: [3, 5],
  workloads: ["election"],
  options: {
    leaseMs: {
      summary: "how long a grant lasts by its grantor's clock",
      default: 1_000,
      range: spanRange,
    },
    periodMs: {
      summary: "how often a leader asks for more time; twice in what it trusts of a lease at least",
      default: 250,
      range: [10, 60_000],
    },
    guardMs: {
      summary: "how long before the end of its lease a leader stops; at least 2 rho P",
      default: 0,
      range: [0, 60_000],
      within: ({ leaseMs }) => [guardMs(Number(leaseMs)), Number(leaseMs) - 1],
    },
  },
  bugs: {
    "no-guard": {
      id: "L1",
      summary: "the leader believes in its lease to the end by its own clock: no guard time",
      source: "Gray and Cheriton, Leases (SOSP 1989), section 5: clocks that fail",
      needs: "a slow clock at the leader, fast ones at the others, and the leader cut off",
      checker: "single-leader",
      anomalies: twice,
      nemesis: "clock",
    },
    "lease-from-receipt": {
      id: "L2",
      summary: "the leader counts its lease from when the grants arrived, not from when it asked",
      source: "Gray and Cheriton, Leases (SOSP 1989), section 3.1: less the time to transmit",
      needs: "slow grants, and a leader that cannot renew",
      checker: "single-leader",
      anomalies: twice,
      nemesis: "late-answers",
    },
    "wall-clock-lease": {
      id: "L3",
      summary: "the leader counts its lease by the calendar clock, which somebody may set back",
      source: "Kleppmann, How to do distributed locking (2016); YugabyteDB and others by Jepsen",
      needs: "a clock that is set back at the leader, and the leader cut off",
      checker: "single-leader",
      anomalies: twice,
      nemesis: "clock",
    },
    "half-quorum": {
      id: "L6",
      summary: "half of the nodes, rounded down, elect a leader: two halves can do so at once",
      source: "Gifford, Weighted voting for replicated data (1979): 2w > N",
      needs: "a partition, or two candidates at once",
      checker: "single-leader",
      anomalies: [...twice, "two-leaders"],
    },
  },
  invariants: ["election-safety"],
  driftPpmMax: DRIFT_PPM_MAX,
  beyond: { drift: ["election-safety"] },
  recovery: {
    core: majorityOf,
    withinMs: ({ leaseMs }) => 4_000 + 3 * Number(leaseMs),
  },
  probes: [
    "a leader was elected",
    "a candidate found no quorum",
    "a lease was renewed",
    "a lease ran out",
    "a replica restarted with a grant",
    "a replica's grant ran out",
    "a lock was given back that is another's by now",
  ],
  service: () => ({ operations: ["lead"], consistency: "linearizable" }),
  create: (context) => new LeaseNode(context),
};
