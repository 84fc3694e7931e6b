/**
 * Chain replication (van Renesse and Schneider, OSDI 2004), with CRAQ's reads (Terrace and Freedman,
 * USENIX ATC 2009).
 *
 * The nodes form a chain. An update enters at the head, which orders it, and travels down: each node
 * writes it to its disk, then passes it on. What has reached the tail is on every node: it is committed,
 * and the tail replies to the client. An acknowledgement goes back up, and says to each node that what it
 * had passed on need not be kept for sending again (the sent-list, link.ts). Hence the invariant: what a
 * node has is a prefix of what its predecessor has. Reads go to the tail, which has nothing but what is
 * committed. Each update costs one message per link, where a primary pays all of them itself; but it
 * takes as long as the whole chain, and any node that fails stops it.
 *
 * CRAQ (`reads=any`): every node answers reads. A node keeps the versions of a key (versions.ts). If the
 * newest has passed the tail, it is clean, and is the answer; otherwise the node asks the tail which
 * version is committed, and answers with that one. The acknowledgement of a later version may make that
 * one garbage while the answer is on its way; then the later one, committed while the read was under
 * way, is as good (Whittaker, CRAQ Garbage Collection Bug, 2020).
 *
 * Failures. The paper's master takes failed nodes out of the chain, and puts new ones behind the tail.
 * Here all nodes keep the configurations, and decide by majority (configurations.ts): configuration e + 1
 * begins when a majority has promised, durably, to take part in nothing up to e. The new chain is made of
 * those, at least a majority of all nodes, the one with the longest log at the head. Each node asks its
 * new successor what it has, and sends the rest. A node outside is brought up to date by the tail first,
 * and then becomes the new tail.
 *
 * Why nothing committed is lost. What was committed in an epoch is on all of its chain, a majority, hence
 * on one of those who promise the next. Of two logs the one whose last entry is of the later epoch has all
 * that was committed before that epoch, by induction, and of two that end in the same epoch one is a prefix
 * of the other: so the head, whose log reaches furthest, has everything. It opens its epoch with an entry
 * of its own; only a log that has it, is a prefix of the head's, and only from there on entries are passed
 * on and committed (Raft, figure 8, is why older entries must not be counted alone).
 *
 * Why reads are fresh. The paper lets the tail answer by itself, and can: nodes fail by stopping, and
 * their failure is always noticed. A tail that is only cut off does not know that it was replaced. Leases
 * would tell it, as far as clocks can be trusted. Here whoever answers a read asks a majority, after the
 * read came in, whether it has promised a later epoch (confirmations.ts). That is a round trip for each
 * read, and holds whatever clocks do.
 *
 * A request may be in the log twice, since it is submitted until it is answered; it is applied once.
 *
 * Left out: leases, which would spare reads their round trip; many objects on many chains; reads of old
 * versions where less than the latest is asked for; a bound on the log.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
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
