/**
 * A causal store across data centres, each with a copy of everything, spread over servers of its own.
 *
 * COPS (Lloyd, Freedman, Kaminsky, Andersen: Don't settle for eventual, SOSP 2011). A session lives in one
 * data centre and is served there, without a message to any other. A write is done when its server here has
 * it, and goes from there to the server of the key in every other data centre, together with the few writes
 * that it depends on most nearly: the session's last one, and what the session has read since. It is applied
 * elsewhere when all of these have been, at whatever server (dep-check): by induction, so has everything
 * that happened before it. Of two writes of a key the one with the later Lamport stamp stays.
 *
 * Promises causal convergence (causal+), and get-transactions: reads of several keys from one causal past,
 * in two rounds at most and without locks (COPS-GT; library.ts). For those a version carries its whole past,
 * of each key the last version, and old versions are kept.
 *
 * A dependency is one version, not that or a later one: where two writes of a key conflict, the later stamp
 * need not have followed what the other one follows.
 *
 * A session's context is kept by its home on disk (sessions.ts), where COPS has a client library. Left out:
 * sessions that move to another data centre, the collection of old versions and of dependencies, a put of
 * several keys (Eiger, 2013), and fail-over: while a server is down its keys wait in its data centre.
 */

import { sessionProbes } from "../sessions/sessions.js";
import type { System } from "../system.js";
import { CopsNode } from "./node.js";
import { centresOf } from "./placement.js";

/** Patterns of causal models; a write may also lose to what it followed, for good. */
const effectsFirst = ["CyclicCO", "WriteCOInitRead", "WriteCORead", "CyclicCF"] as const;

export const cops: System = {
  name: "cops",
  summary: "data centres that take writes at once and exchange them with their dependencies",
  nodeCounts: [6, 4],
  workloads: ["causal-sessions", "read-transactions", "register"],
  options: {
    datacentres: {
      summary: "data centres among which the nodes are dealt out",
      default: 3,
      range: [1, 1_000],
      within: (_options, nodeCount) => [1, nodeCount],
    },
  },
  bugs: {
    "dependencies-unchecked": {
      id: "A1",
      summary: "a write of another data centre is applied as it arrives",
      source:
        "Lloyd et al., COPS (SOSP 2011), section 2: the photo, and the album that links to it",
      needs: "a write that overtakes, on its way to another data centre, one that it depends on",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      nemesis: "none",
      workload: "read-transactions",
    },
    "foreign-dependencies-pruned": {
      id: "A2",
      summary: "of a write's dependencies only those of its own data centre are sent and checked",
      source:
        "Lloyd et al., COPS (SOSP 2011), section 4.3: nearest dependencies; correct with two sites",
      needs:
        "a write that follows one of a second data centre, and a third with bad links to that one",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      nemesis: "one-bad-link",
      workload: "read-transactions",
    },
    "one-round": {
      id: "A3",
      summary: "a get-transaction returns what its first round got, from however different times",
      source: "Lloyd et al., COPS (SOSP 2011), section 5.3: why one round is not enough",
      needs: "writes of two keys, one after the other, between the reads of a get-transaction",
      checker: "causal-convergence",
      anomalies: effectsFirst,
      workload: "read-transactions",
    },
    "session-moves": {
      id: "A4",
      summary: "a session is served in whichever data centre it turns to, without what it has seen",
      source: "Terry et al., Session guarantees (PDIS 1994): clients that switch servers",
      needs: "a session that writes in one data centre and reads in another one soon after",
      checker: "read-your-writes",
      anomalies: ["read-your-writes-violation"],
      nemesis: "none",
      workload: "causal-sessions",
      options: { model: "read-your-writes" },
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  // A session waits for its home, and for the servers of its data centre.
  recovery: { core: (nodeCount) => nodeCount, withinMs: 4_000 },
  probes: [
    ...sessionProbes,
    "a write came before what it depends on",
    "a dependency was asked for again",
    "a write was sent again",
    "a write was asked for twice",
    "a get-transaction came back for a later version",
    "a server of the data centre did not answer in time",
    "a server restarted with its versions",
  ],
  service: () => ({
    operations: ["read", "write", "get-transaction"],
    consistency: "causal-convergence",
  }),
  sites: centresOf,
  create: (context) => new CopsNode(context),
};
