/** What happens sometimes in a group with a primary: moments that a campaign should have seen. */

/** Of replication and failover, whatever state is replicated. */
export const groupProbes = [
  "a primary of an earlier epoch was refused",
  "a claim was refused: the epoch is granted to another",
  "a new primary took over a longer log",
  "a primary was deposed with open writes",
  "a backup's log did not fit",
  "a backup cut entries that differ from its primary's",
  "a node restarted with a log",
  "a command was tried again",
] as const;

/** Of what the key-value store offers besides. */
export const probes = [
  ...groupProbes,
  "a read with a mark was answered here",
  "a node fell out of the in-sync set",
  "a node came into the in-sync set",
  "a majority of grants, and nobody in sync among them",
] as const;
