/**
 * A store whose replicas live in the past: sequentially consistent, not linearizable.
 *
 * Reads are local and writes are ordered, as in Attiya and Welch (Sequential consistency versus
 * linearizability, 1994) and in ZooKeeper (Hunt et al. 2010). The first node orders all changes in
 * one log; every node applies it in order, later. A session reads what its home (sessions.ts) has
 * applied, and its own change is answered when the home has applied it.
 *
 * Why that is sequentially consistent. Put every read right after the last entry that its home had
 * applied, every change at its place in the log. A home applies only what is durable and goes on
 * from there after a crash, so this keeps each session's order; and each read returns the last write
 * before it. It is not linearizable: another session's home may not have heard of a write that was
 * acknowledged long ago.
 *
 * A fence is ZooKeeper's `sync`: an entry that changes nothing. When it is answered the home has
 * applied whatever was ordered before it, so that the next read is as fresh as a linearizable one.
 *
 * A request that is delivered twice stands in the log once. Left out: fail-over of the primary.
 */

import { sessionProbes } from "../sessions/sessions.js";
import type { System } from "../system.js";
import { SequentialNode } from "./node.js";

const ownWrite = `store CoWR
{ }
 P0      | P1      ;
 x := 1  | x := 2  ;
 r0 := x | r0 := x ;
exists (0:r0=0)
`;

/** What a session of one key can see when it steps back, by shape. */
const steppedBack = [
  "CoRR",
  "CoRR2",
  "CoWW",
  "CoWR",
  "CoWR0",
  "CoRW1",
  "CoRW2",
  "non-sequential",
] as const;

export const sequentialStore: System = {
  name: "sequential-store",
  summary: "ordered writes and local reads: sequentially consistent, not linearizable",
  nodeCounts: [3, 5],
  workloads: ["register", "causal-sessions", "litmus"],
  options: {},
  bugs: {
    "own-write-missed": {
      summary: "a write is answered when it is ordered, before the session's home has applied it",
      source: "reads from a replica after writes to the primary: Terry et al. (PDIS 1994)",
      needs: "a session that reads what it has just written",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: ownWrite },
    },
    "reads-go-back": {
      summary: "a session is served wherever it turns to, whatever it has seen elsewhere",
      source: "Kubernetes issue 59848: watches and lists from a stale API server go back in time",
      needs: "a session that moves to a replica that is behind",
      checker: "sequential",
      anomalies: steppedBack,
      nemesis: "none",
      workload: "causal-sessions",
      options: { keys: 1 },
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  // A session waits for its home, and a change for the first node.
  recovery: { core: (nodeCount) => nodeCount, withinMs: 4_000 },
  probes: [
    ...sessionProbes,
    "a change was brought to the primary again",
    "a change came twice to the primary",
    "entries came before those that precede them",
    "a replica restarted with its log",
  ],
  service: () => ({
    operations: ["read", "write", "cas", "swap", "fence"],
    consistency: "sequential",
  }),
  create: (context) => new SequentialNode(context),
};
