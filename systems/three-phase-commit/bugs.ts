/** Mistakes that three-phase commits have had, each a switch located at one `if`. */

import { TORN } from "../commitment/torn.js";
import type { Bug } from "../system.js";

export const bugs = {
  "termination-without-quorum": {
    id: "T7",
    summary:
      "participants that cannot hear the others end a transaction by what they know themselves",
    source:
      "Bernstein, Hadzilacos and Goodman, 1987, section 7.5: three-phase commit is not safe where links fail",
    needs: "a partition between a participant that is to commit and one that does not know yet",
    checker: "atomic-commitment",
    anomalies: ["split-decision", "reversed-decision", ...TORN],
  },
  "vote-not-durable": {
    id: "T1",
    summary: "a participant votes yes before its part is durable, and forgets it in a crash",
    source: "Skeen, Nonblocking Commit Protocols, 1981: a site recovers by what its log says",
    needs: "a participant crashes between its vote and its next forced record",
    checker: "atomic-commitment",
    anomalies: [
      "partial-commit",
      "blocked-transaction",
      "split-decision",
      "commit-without-consent",
      ...TORN,
    ],
  },
} as const satisfies { [name: string]: Bug };
