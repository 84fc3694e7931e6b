/** What happens sometimes in two-phase commit. */

import { commitmentProbes } from "../commitment/probes.js";

export const probes = [
  ...commitmentProbes,
  "a participant was in doubt",
  "a participant told another one the outcome",
  "a participant refused so that another could end",
  "an abort was presumed",
  "a commit was told again",
  "a coordinator restarted with commits to be told",
] as const;
