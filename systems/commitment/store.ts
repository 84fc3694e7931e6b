/** What the stores whose keys are spread over the nodes have in common, whichever protocol commits. */

import type { System } from "../system.js";
import { operations, stepSpec, workloads } from "../txn/service.js";
import { whereAnswered } from "./patience.js";

export const shardedStore = {
  nodeCounts: [3, 5],
  workloads,
  options: { stepMs: stepSpec(4) },
  invariants: ["atomic-commitment"],
  // There are no replicas: the keys of a node are gone while it is.
  recovery: { core: (nodeCount) => nodeCount, withinMs: whereAnswered(5_000) },
  service: () => ({ operations, consistency: "strict-serializable" }),
} as const satisfies Partial<System>;
