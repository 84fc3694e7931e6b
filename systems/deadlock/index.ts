/**
 * A distributed lock manager that finds its deadlocks and breaks them.
 *
 * Every lock has a node that owns it; a transaction runs at the node that its client asked, locks what it
 * needs one after the other, works, and lets go. It waits for the holder of one lock at most, so wait-for
 * edges form paths, and a path that closes is a deadlock: nobody on it can ever go on. Its edges lie at
 * different nodes, and no node sees all of them at once. What each knows is old when another hears of it:
 * with k edges that end at a rate of r each, a cycle from reports of age d is there no more with
 * probability 1 - e^(-krd). See the experiment `phantom-deadlock`.
 *
 * Two ways to find deadlocks, by the option `detection`: probes that run along the edges (edge-chasing.ts),
 * or one node that gathers all edges (central.ts). Both look twice at every edge before they act, which is
 * what makes them sound: what stands at two moments under names that never come back has stood in between.
 * Only the node of a transaction knows that it has let go of a lock, so it is asked; the owner hears of it later. And
 * whoever finds a deadlock takes the same victim, the youngest: two finders are no two victims.
 *
 * Promises: a victim was in a deadlock while it waited, and no other victim had broken that; and when all
 * faults have ended, every deadlock is broken in 1.5 s. Faults delay it only: probes, reports and requests
 * are repeated, and owners ask what became of whoever stands at their locks.
 *
 * Left out: asking for several locks at once (the AND model in full, where cycles share transactions and
 * one victim may break several), shared locks, time-outs, another run of a victim, what the locks protect.
 */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { LockManager } from "./node.js";

export const deadlockDetector: System = {
  name: "deadlock-detector",
  summary: "a distributed lock manager that finds deadlocks, by probes or by a central graph",
  nodeCounts: [3, 4],
  workloads: ["lock-orders"],
  options: {
    detection: {
      summary: "how deadlocks are found: probes along the edges, or one node that gathers them",
      default: "probes",
      values: ["probes", "central"],
    },
  },
  bugs,
  invariants: [],
  driftPpmMax: 100_000,
  probes: [
    "a deadlock was found",
    "a probe met an edge that was there no more",
    "the second round of a probe met another edge",
    "a report came after a later one",
    "a cycle from late reports was there no more",
    "a lock came that nobody wants any more",
    "an owner had not heard of the end of a transaction",
    "a lock outlived its owner's crash",
    "a request came twice",
  ],
  service: () => ({ operations: ["transact", "waiting"], consistency: "eventual" }),
  create: (context) => new LockManager(context),
};
