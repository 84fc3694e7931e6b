/** Mistakes with windows, each at one `if`. */

import type { Bug } from "../system.js";

/** A wrong entry in a log, or one too few: whoever looks first says so. */
const TORN = [
  "disagreement",
  "incomplete-leader",
  "lost-write",
  "lost-update",
  "stale-read",
  "new-old-inversion",
  "double-effect",
  "split-brain",
  "non-linearizable",
  "silent-node",
  "no-recovery",
] as const;

export const bugs = {
  "acks-beyond-gaps": {
    id: "O1",
    summary:
      "a follower acknowledges the last entry that came, and the leader takes it for all before, too",
    source:
      "selective answers read as cumulative ones: TCP needs an option for them (RFC 2018, 1996)",
    needs: "an entry that is lost while later ones come, and a new leader before it is sent again",
    checker: "agreement",
    anomalies: TORN,
  },
  "epoch-unchecked": {
    id: "O2",
    summary:
      "an entry of an earlier leader is taken by its number, which the new one uses for another entry",
    source:
      "Viewstamped Replication and Zab number by view and place for this reason (Junqueira et al. 2011)",
    needs: "an entry of the old leader that comes when a new one leads",
    checker: "agreement",
    anomalies: TORN,
  },
  "small-sequence-space": {
    id: "O3",
    summary:
      "sequence numbers begin again after one more than the window: a duplicate is taken for a new entry",
    source:
      "Tanenbaum, Computer Networks: selective repeat needs twice the window, go-back-N one more than it",
    needs: "an entry that comes twice, or again late",
    checker: "linearizable",
    anomalies: TORN,
  },
  "applies-on-arrival": {
    id: "O4",
    summary: "a follower applies a committed entry when it comes, before those that it follows",
    source:
      "MySQL's multi-threaded replicas without slave_preserve_commit_order (an option since 5.7.5, 2014)",
    needs: "a follower that misses an entry which others have committed",
    checker: "agreement",
    anomalies: TORN,
  },
} as const satisfies { [name: string]: Bug };
