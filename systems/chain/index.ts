/**
 * Chain replication.
 */

import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { majorityOf } from "./chains.js";
import { ChainNode } from "./node.js";

export const chain: System = {
  name: "chain",
  summary: "chain replication: updates go down a chain, reads to its tail or to any node (CRAQ)",
  nodeCounts: [3, 5],
  workloads: ["kv", "register"],
  options: {
    reads: {
      summary: "who answers reads: the tail, or any node of the chain (CRAQ)",
      default: "tail",
      values: ["tail", "any"],
    },
  },
  bugs,
  invariants: ["election-safety"],
  driftPpmMax: 100_000,
  // No lease: a majority is asked before a read is answered, so that clocks decide nothing.
  beyond: {
    drift: ["election-safety", "linearizable"],
    "clock-freeze": ["election-safety", "linearizable"],
  },
  recovery: { core: majorityOf, withinMs: 4_000 },
  probes: [
    "a claim was refused: a later epoch, or this one, is promised to another",
    "a node of the chain lost contact with a neighbour",
    "a node was taken out of the chain",
    "a node came back into the chain",
    "an epoch ended with updates under way",
    "a successor was sent what it had missed",
    "a node cut updates that were not kept",
    "a read was refused: its epoch may be over",
    "a dirty key was read with the tail's version",
    "a version was collected while a read was after it",
    "a node restarted with its log",
  ],
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create: (context) => new ChainNode(context),
};
