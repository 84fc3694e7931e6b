/** Raft as a system to be tested; the algorithm begins in raft.ts. */

import { majorityOf } from "../../src/base/majority.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { probes } from "./probes.js";
import { RaftNode } from "./raft.js";
import { DRIFT_PPM_MAX, options } from "./settings.js";

export const raft: System = {
  name: "raft",
  summary: "a linearizable key-value store on a log replicated by Raft",
  nodeCounts: [5, 3, 4],
  workloads: ["kv", "register"],
  options,
  bugs,
  invariants: [
    "election-safety",
    "agreement",
    "leader-completeness",
    "quorum-overlap",
    "never-back",
    "stable-leader",
  ],
  survives: { membership: true },
  driftPpmMax: DRIFT_PPM_MAX,
  // Leases are all that rests on clocks: terms and logs do not.
  beyond: {
    drift: ["election-safety", "agreement"],
    "clock-freeze": ["election-safety", "agreement"],
  },
  recovery: {
    core: majorityOf,
    // Elections may split, and a request may have been given up with the leader that had it.
    withinMs: ({ electionTimeoutMs }) => 2_000 + 8 * Number(electionTimeoutMs),
  },
  probes,
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create: (context) => new RaftNode(context),
};
