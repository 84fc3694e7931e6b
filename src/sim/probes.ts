/**
 * Moments of the simulated world that a run should see sometimes: what a fault really did, beyond
 * having been there. Each is counted as often as it happens.
 */

export const simProbes = [
  "a chain of messages fell below all others",
  "a clog let go what had piled up",
  "a crash kept writes that were not synced",
  "a crash lost unsynced writes",
  "a fault hit the leader",
  "a message came to a node that was down",
  "a message left its order",
  "a message was cut off on arrival",
  "a message was delivered twice",
  "a message was held while others overtook it",
  "a pause held something back",
  "leader isolated",
] as const;

export type SimProbe = (typeof simProbes)[number];
