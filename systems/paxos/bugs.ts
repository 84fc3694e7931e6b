/** Mistakes that implementations of Paxos have made, each a switch located at one `if`. */

import type { Bug } from "../system.js";

const DISAGREEMENT = ["disagreement"] as const;

export const bugs = {
  "promise-not-durable": {
    id: "P1",
    summary: "an acceptor writes down what it accepts, but not what it promises",
    source: "Lamport 2001, section 2.5: an acceptor records its response in stable storage first",
    needs: "an acceptor that restarts between its promise and an accept of a lower ballot",
    checker: "consensus",
    anomalies: DISAGREEMENT,
    nemesis: "restarts",
  },
  "keeps-own-value": {
    id: "P2",
    summary: "a proposer keeps its own value although a promise told of an accepted one",
    source: "Lamport 2001, section 2.2, P2c; a classic of lab exercises (MIT 6.824, lab 3)",
    needs: "two proposers of one instance, one after the other",
    checker: "consensus",
    anomalies: DISAGREEMENT,
  },
  "ballots-collide": {
    id: "P3",
    summary: "proposers number their ballots alike: two of them may propose in the same one",
    source: "Lamport 2001, section 2.5: proposers choose from disjoint sets of numbers",
    needs: "two proposers of one instance at the same time",
    checker: "consensus",
    anomalies: DISAGREEMENT,
  },
  "adds-up-ballots": {
    id: "P6",
    summary: "a learner adds up accepts of different ballots",
    source: "Lamport 1998, section 2.1: a ballot succeeds when its own quorum has voted",
    needs: "proposers that outbid each other after the first accepts",
    checker: "consensus",
    anomalies: DISAGREEMENT,
  },
} as const satisfies { [name: string]: Bug };
