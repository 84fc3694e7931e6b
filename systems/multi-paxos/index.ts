/** Multi-Paxos as a system to be tested; the algorithm begins in multi-paxos.ts. */

import { majorityOf } from "../../src/base/majority.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { MultiPaxosNode } from "./multi-paxos.js";
import { probes } from "./probes.js";
import { DRIFT_PPM_MAX, options } from "./settings.js";

/** With fewer, a majority of the others is not more than one answer. */
const wiped = (nodeCount: number): number => (nodeCount >= 3 ? 1 : 0);

export const multiPaxos: System = {
  name: "multi-paxos",
  summary: "a linearizable key-value store on a log of Paxos instances under one leader",
  nodeCounts: [5, 3],
  workloads: ["kv", "register"],
  options,
  bugs,
  invariants: ["election-safety", "agreement"],
  driftPpmMax: DRIFT_PPM_MAX,
  survives: { wiped },
  // Leases alone rest on clocks.
  beyond: {
    drift: ["election-safety", "agreement"],
    "clock-freeze": ["election-safety", "agreement"],
  },
  recovery: {
    // A replica with a blank disk needs a majority besides itself to know what it may have said.
    core: (nodeCount) => majorityOf(nodeCount) + wiped(nodeCount),
    withinMs: ({ electionTimeoutMs }) => 2_000 + 8 * Number(electionTimeoutMs),
  },
  probes,
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create: (context) => new MultiPaxosNode(context),
};
