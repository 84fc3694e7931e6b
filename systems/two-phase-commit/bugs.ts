/** Mistakes that commit protocols have had, each a switch located at one `if`. */

import { TORN } from "../commitment/torn.js";
import type { Bug } from "../system.js";

export const bugs = {
  "vote-not-durable": {
    id: "T1",
    summary: "a participant votes yes before its part is durable, and forgets it in a crash",
    source: "Gray, Notes on Data Base Operating Systems, 1978: the prepare record is forced first",
    needs: "a participant crashes between its vote and its next forced record",
    checker: "atomic-commitment",
    anomalies: ["partial-commit", "blocked-transaction", ...TORN],
  },
  "decision-not-durable": {
    id: "T2",
    summary:
      "a coordinator tells of a commit before it is durable, and presumes an abort afterwards",
    source: "Mohan, Lindsay and Obermarck, R*, 1986: the commit record is forced before it is told",
    needs: "a coordinator crashes when one participant has heard of the commit and another has not",
    checker: "atomic-commitment",
    anomalies: ["split-decision", "reversed-decision", ...TORN],
    nemesis: "ack-crashes",
  },
  "abort-in-doubt": {
    id: "T3",
    summary: "a participant that has voted yes aborts when it hears nothing for a while",
    source: "Skeen, Nonblocking Commit Protocols, 1981; heuristic aborts of X/Open XA, 1991",
    needs: "a coordinator that is cut off after the votes",
    checker: "atomic-commitment",
    anomalies: ["split-decision", "reversed-decision", ...TORN],
  },
  "no-coordinator-recovery": {
    id: "T4",
    summary: "a coordinator that restarts neither reads its log nor answers for what was open",
    source:
      "Gray and Lamport, Consensus on Transaction Commit, 2006: in doubt, locks held for ever",
    needs: "a coordinator crashes after the votes",
    checker: "atomic-commitment",
    anomalies: ["blocked-transaction", "partial-commit", "no-recovery"],
  },
  "outcome-by-session": {
    id: "T5",
    summary: "an outcome names the client whose transaction it ends, and not the transaction",
    source: "KAFKA-17754, 2024: a late end of a transaction hit the next one of the same producer",
    needs: "one outcome that comes late, or twice",
    checker: "atomic-commitment",
    anomalies: [
      "split-decision",
      "reversed-decision",
      "commit-without-consent",
      "duplicate-elements",
      ...TORN,
    ],
  },
  "reader-leaves-early": {
    id: "T6",
    summary:
      "a participant that only read frees its locks at the vote, while others still take theirs",
    source: "Mohan, Lindsay and Obermarck, R*, 1986: when the read-only optimisation is not safe",
    needs: "two transactions that each read what the other writes, on different shards",
    checker: "strict-serializable",
    anomalies: TORN,
  },
} as const satisfies { [name: string]: Bug };
