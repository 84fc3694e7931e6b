/** What happens sometimes in Raft: moments that a campaign should have seen. */

/** Of elections and replication: whoever takes Raft's log has them. */
export const logProbes = [
  "vote withheld: a leader may be alive",
  "vote refused",
  "pre-vote refused",
  "a vote arrived twice",
  "election without a winner",
  "a server restarted with a log",
  "refused a leader of an older term",
  "entries did not fit a follower's log",
  "truncated a conflicting suffix",
  "an entry of an older term is on a majority, not committed by that",
  "stepped down with uncommitted entries",
  "a leader without a majority stepped down",
  "suppressed a copy of a request in progress",
] as const;

export const probes = [
  ...logProbes,
  "took a snapshot and compacted the log",
  "sent a snapshot",
  "a laggard installed a snapshot",
  "a server was added",
  "a server was removed",
  "a leader that was removed stepped down",
  "left a joint configuration",
  "a configuration was rolled back",
  "a change of membership was refused for now",
  "a new server did not catch up in time",
  "a newcomer caught up",
  "a newcomer kept out of a vote",
  "answered a copy of a request from its session",
  "requests were submitted to another leader",
  "a read waited for the no-op of a new term",
  "served a read by lease",
  "no lease: a read waited for a heartbeat round",
] as const;
