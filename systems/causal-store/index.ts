/**
 * A store without a primary: every replica takes writes at once, and causes come before effects.
 *
 * Causal memory (Ahamad et al. 1995) by causal broadcast (Birman, Schiper and Stephenson 1991), with
 * the last writer winning, which makes it causal+ (Lloyd et al., COPS, 2011), that is causally
 * convergent (Bouajjani et al. 2017). A write carries a vector of what its replica had applied, and
 * is applied elsewhere after that. Of two writes of a key the one with the later Lamport stamp
 * stays; a stamp exceeds all that its replica had applied, so that no write loses to its own cause.
 *
 * Promises causal convergence: a read returns the latest write, by stamp, of what its replica has
 * applied; and what a replica has applied is closed under causes, grows only, and holds all that its
 * sessions have seen, since a session lives at one replica (sessions.ts). Replicas that have applied
 * the same writes agree. Weaker than sequential consistency: two replicas see concurrent writes in
 * either order (IRIW), and miss each other's (SB).
 *
 * Only what is durable is applied: what was shown survives a crash. A request that is delivered
 * twice is one write. Left out: compare-and-set (replicas that do not wait for each other cannot
 * agree on a winner), fences, partial replication, a bound on the log.
 */

import { sessionProbes } from "../sessions/sessions.js";
import type { System } from "../system.js";
import { CausalNode } from "./node.js";

const causality = `store WRC
{ }
 P0      | P1      | P2      ;
 x := 1  | r0 := x | r0 := y ;
         | y := 1  | r1 := x ;
exists (1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0)
`;

/** Patterns of causal models; a write may also lose to what it followed, for good. */
const effectsFirst = ["CyclicCO", "WriteCOInitRead", "WriteCORead", "CyclicCF"] as const;

export const causalStore: System = {
  name: "causal-store",
  summary: "replicas that apply writes in causal order, the last writer winning",
  nodeCounts: [3, 5],
  workloads: ["causal-sessions", "register", "litmus"],
  options: {},
  bugs: {
    "ignores-dependencies": {
      summary: "a write is applied as it arrives, with only its own node's earlier ones before it",
      source: "Lloyd et al., COPS (SOSP 2011), section 2: the photo and the album's link to it",
      needs: "a write that somebody saw and answered, and a replica that gets the answer first",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: causality, placement: "0,1,2" },
    },
    "clock-not-merged": {
      summary: "the Lamport clock counts a node's own writes, and is not set by what it applies",
      source: "Lamport 1978, rule IR2 (b); CRDT libraries that stamp with a local counter",
      needs: "a key written at a busy node, then overwritten at a quiet one",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      nemesis: "none",
      workload: "causal-sessions",
    },
    "session-forgotten": {
      summary: "a session is served wherever it turns to, whatever it has seen elsewhere",
      source: "MongoDB before causally consistent sessions (3.6, 2017); Terry et al. (PDIS 1994)",
      needs: "a session that moves to a replica that is behind",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      nemesis: "none",
      workload: "causal-sessions",
    },
    "lww-by-wall-clock": {
      summary: "stamps come from the nodes' wall clocks",
      source: "Cassandra's write timestamps: Kingsbury, Jepsen: Cassandra (2013)",
      needs: "clocks that disagree, and a key overwritten at the node whose clock is behind",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      nemesis: "none",
      workload: "causal-sessions",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  // A session waits for its home.
  recovery: { core: (nodeCount) => nodeCount, withinMs: 4_000 },
  probes: [
    ...sessionProbes,
    "a write came before its causes",
    "anti-entropy sent what a replica lacked",
    "a replica restarted with its writes",
  ],
  service: () => ({ operations: ["read", "write"], consistency: "causal-convergence" }),
  create: (context) => new CausalNode(context),
};
