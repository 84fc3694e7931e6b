/** PBFT as a system to be tested; the algorithm begins in pbft.ts. */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { PbftNode } from "./pbft.js";
import { perjure } from "./perjury.js";
import { probes } from "./probes.js";
import { options, PATIENCE_MAX } from "./settings.js";
import { faultyOf, thresholdsOf } from "./thresholds.js";

export const pbft: System = {
  name: "pbft",
  summary:
    "a linearizable key-value store that bears replicas which lie (Byzantine fault tolerance)",
  nodeCounts: [4, 7],
  workloads: ["kv", "register"],
  options,
  bugs,
  invariants: ["agreement"],
  driftPpmMax: 100_000,
  survives: { byzantine: faultyOf },
  // Time says only when to ask again, and for another primary.
  beyond: {
    drift: ["agreement", "linearizable"],
    "clock-freeze": ["agreement", "linearizable"],
  },
  recovery: {
    core: (nodeCount) => thresholdsOf(nodeCount).quorum,
    withinMs: ({ viewChangeTimeoutMs, statusMs, resubmitMs }) =>
      2_000 +
      4 * PATIENCE_MAX * Number(viewChangeTimeoutMs) +
      8 * Number(statusMs) +
      2 * Number(resubmitMs),
  },
  probes,
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create: (context) => new PbftNode(context),
  perjure,
};
