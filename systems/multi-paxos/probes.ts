/** What happens sometimes in Multi-Paxos: moments that a campaign should have seen. */

export const probes = [
  "a promise was withheld: a leader may be alive",
  "an acceptor refused: it had promised a higher ballot",
  "a candidate was outbid",
  "a ballot without a winner",
  "a replica restarted with a log",
  "a new leader proposed again what an earlier ballot had left",
  "a new leader filled a gap with a no-op",
  "a leader stepped down with instances under way",
  "a leader without a majority stepped down",
  "an instance was chosen before an earlier one",
  "a learner asked for what it had missed",
  "a command waited for the window of instances",
  "suppressed a copy of a request in progress",
  "answered a copy of a request from its session",
  "served a read by lease",
  "no lease: a read went through the log",
  "a replica found its disk blank that had not been",
  "a replica that had lost its disk votes again",
  "requests were submitted to another leader",
] as const;
