/** Branches of multi-leader replication that a campaign should reach. */

export const leaderProbes = [
  "a leader met a duplicate write",
  "a leader restarted with its versions",
  "a name was taken",
  "a write became a sibling",
  "a write lost a conflict",
  "a write replaced what was read",
  "writes were sent again",
] as const;

export type LeaderProbe = (typeof leaderProbes)[number];
