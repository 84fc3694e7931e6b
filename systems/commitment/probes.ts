/** What happens sometimes under any commit protocol: moments that a campaign should have seen. */

export const commitmentProbes = [
  "a copy of a request was dropped",
  "a transaction was tried again",
  "a transaction waited for a lock",
  "a participant refused: an older transaction had a lock",
  "a participant had lost the locks of a transaction",
  "locks of a silent coordinator were taken away",
  "votes did not come in time",
  "a node restarted in doubt",
] as const;
