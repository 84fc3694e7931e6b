/** Single-decree Paxos as a system to be tested; the algorithm begins in paxos.ts. */

import { majorityOf } from "../../src/base/majority.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { PaxosNode } from "./paxos.js";

export const paxos: System = {
  name: "paxos",
  summary: "write-once registers, each decided by an instance of single-decree Paxos",
  nodeCounts: [5, 3],
  workloads: ["consensus"],
  options: {},
  bugs,
  invariants: ["agreement"],
  driftPpmMax: 100_000,
  recovery: { core: majorityOf, withinMs: 4_000 },
  beyond: { drift: ["agreement", "consensus"], "clock-freeze": ["agreement", "consensus"] },
  probes: [
    "an acceptor refused: it had promised a higher ballot",
    "an acceptor remembered what it had said",
    "a proposer was outbid and stepped back",
    "a proposer took over a value that might have been chosen",
    "a proposer was told what had been decided",
    "accepts of several ballots were counted",
  ],
  service: () => ({ operations: ["propose", "read"], consistency: "linearizable" }),
  create: (context) => new PaxosNode(context),
};
