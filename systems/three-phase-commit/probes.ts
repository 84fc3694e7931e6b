/** What happens sometimes in three-phase commit. */

import { commitmentProbes } from "../commitment/probes.js";

export const probes = [
  ...commitmentProbes,
  "a transaction's outcome was not known in time",
  "a participant was in doubt",
  "a participant refused so that others could end",
  "a termination went for commit",
  "a termination went for abort",
  "a transaction was blocked for want of a quorum",
] as const;
