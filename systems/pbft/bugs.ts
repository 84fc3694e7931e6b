/** Mistakes in implementations of PBFT, and what its authors warn of; each a switch at one `if`. */

import type { Bug } from "../system.js";

/** How a lost or replaced request shows to clients, depending on who looks when. */
const CLIENT_VISIBLE = [
  "stale-read",
  "lost-write",
  "lost-update",
  "new-old-inversion",
  "double-effect",
  "aborted-read",
  "split-brain",
  "divergence",
  "non-linearizable",
] as const;

/** Replicas whose states have parted never give f + 1 equal answers again, nor a stable checkpoint. */
const LOG_REWRITTEN = ["disagreement", ...CLIENT_VISIBLE, "no-recovery", "silent-node"] as const;

export const bugs = {
  "small-quorum": {
    id: "Z1",
    summary: "f + 1 replicas decide: two such quorums need not meet in an honest one",
    source: "Castro & Liskov, OSDI 1999, section 4.2: quorums of 2f + 1 meet in an honest replica",
    needs: "a primary that proposes two requests with one number",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
    nemesis: "byzantine",
  },
  "forgets-prepared": {
    id: "Z2",
    summary: "a view change tells nothing of what is prepared",
    source: "Castro & Liskov, OSDI 1999, section 4.4: the set P of a view-change message",
    needs: "a view change after a decision",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
  },
  "digest-unmatched": {
    id: "Z3",
    summary: "a backup accepts a request without comparing it with the digest that is agreed upon",
    source: "Castro & Liskov, OSDI 1999, section 4.2: d is m's digest; a classic of reviews",
    needs: "a primary that sends two requests under one digest",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
    nemesis: "byzantine",
  },
  "unordered-reads": {
    id: "Z4",
    summary: "replicas answer reads at once, and as many answers as for a write are believed",
    source: "Castro & Liskov, OSDI 1999, section 5.1; Berger, Reiser & Bessani, SRDS 2021",
    needs: "replicas that have yet to execute what others have",
    checker: "linearizable",
    anomalies: CLIENT_VISIBLE,
  },
  "watermarks-run-ahead": {
    id: "Z5",
    summary: "a replica drops its log at its own checkpoint, without waiting for a stable one",
    source: "Castro & Liskov, OSDI 1999, section 4.3: the proof of correctness for a checkpoint",
    needs: "a view change, or a replica that lags, between a checkpoint and its proof",
    checker: "recovery",
    anomalies: LOG_REWRITTEN,
  },
  "new-view-unverified": {
    id: "Z6",
    summary: "backups begin a view with what its primary says, without checking that it follows",
    source: "Castro & Liskov, OSDI 1999, section 4.4: backups verify O by the same computation",
    needs: "a new primary that conceals what was prepared",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
    nemesis: "false-heirs",
  },
} as const satisfies { [name: string]: Bug };
