/** Branches of the detectors that a campaign should reach. */

export const detectorProbes = [
  "a member alive was out of reach",
  "a node noticed that it had stood still",
  "a restart was noticed",
  "a suspect came back",
  "a suspicion became death",
  "a suspicion was refuted",
  "an indirect probe saved a member",
] as const;

export type DetectorProbe = (typeof detectorProbes)[number];
