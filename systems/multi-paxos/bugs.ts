/** Mistakes that implementations of Multi-Paxos have made, each a switch located at one `if`. */

import { clientVisible } from "../anomalies.js";
import type { Bug } from "../system.js";

const LOG_REWRITTEN = ["disagreement", ...clientVisible] as const;

export const bugs = {
  "promise-not-durable": {
    id: "P1",
    summary: "an acceptor writes down what it accepts, but not what it promises",
    source: "Lamport 2001, section 2.5: an acceptor records its response in stable storage first",
    needs: "an acceptor that restarts between two candidates, and one of them with an old promise",
    checker: "agreement",
    anomalies: ["two-leaders", ...LOG_REWRITTEN],
    nemesis: "restarts",
  },
  "keeps-own-value": {
    id: "P2",
    summary: "a new leader proposes what it has accepted itself, whatever the promises tell of",
    source: "Lamport 2001, section 2.2, P2c; a classic of lab exercises (MIT 6.824, lab 3)",
    needs: "a leader that misses what a majority of the others has accepted",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
  },
  "ballots-collide": {
    id: "P3",
    summary: "proposers number their ballots alike: two of them may lead in the same one",
    source: "Lamport 2001, section 2.5: proposers choose from disjoint sets of numbers",
    needs: "two candidates at the same time",
    checker: "election-safety",
    anomalies: ["two-leaders", ...LOG_REWRITTEN],
  },
  "rejoins-after-one-answer": {
    id: "P4",
    summary: "a replica that lost its disk votes again once one other has told it what it knows",
    source: "Michael et al., DISC 2017, on recovery in Paxos Made Live and others",
    needs: "a lost disk, and a first answer from a replica that lagged behind",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
    nemesis: "amnesia",
  },
  "leaves-gaps": {
    id: "P5",
    summary: "a new leader proposes nothing for instances of which no promise tells",
    source: "Lamport 2001, section 3: the new leader fills gaps with no-ops",
    needs: "a leader that fails with a later instance accepted and an earlier one not",
    // Nothing behind the gap is ever applied again.
    checker: "recovery",
    anomalies: ["no-recovery", "silent-node"],
    nemesis: "alternating-leader-crashes",
  },
  "adds-up-ballots": {
    id: "P6",
    summary: "learners add up accepts of different ballots",
    source: "Lamport 1998, section 2.1: a ballot succeeds when its own quorum has voted",
    needs: "a leader that is deposed with accepts under way",
    checker: "agreement",
    anomalies: LOG_REWRITTEN,
  },
  "lease-ignores-drift": {
    id: "P7",
    summary:
      "the master's lease lasts as long as replicas hold still, with no margin for clock drift",
    source: "Chandra et al., Paxos Made Live, 2007, 5.2; Gray & Cheriton, Leases, SOSP 1989",
    needs: "a slow clock at an isolated leader and fast ones at a majority, within the bound",
    checker: "linearizable",
    anomalies: clientVisible,
    nemesis: "clock",
    options: { reads: "lease", electionTimeoutMs: 500 },
  },
} as const satisfies { [name: string]: Bug };
