/** What happens sometimes in the transactional store: moments that a campaign should have seen. */

import { logProbes } from "../raft/probes.js";

export const probes = [
  ...logProbes,
  "a copy of a request was dropped",
  "a commit was sent again",
  "a commit lost to another transaction",
  "a transaction's fate was not known in time",
  "a transaction waited for a lock",
  "a transaction died rather than wait for an older one",
  "locks of an ended leadership were refused",
  "locks of a silent coordinator were taken away",
] as const;
