/**
 * Moments of the simulated world that a run should see sometimes: what a fault really did, beyond
 * having been there. Each is counted as often as it happens.
 */

export const simProbes = [
  "a chain of messages fell below all others",
  "a clock that stood still kept timers back",
  "a clog let go what had piled up",
  "a crash kept writes that were not synced",
  "a crash left a write half done",
  "a crash lost unsynced writes",
  "a disk failed to read",
  "a disk had no room",
  "a fault hit the leader",
  "a message came to a node that was down",
  "a message left its order",
  "a message was altered on its way",
  "a message was cut off on arrival",
  "a message was delivered twice",
  "a message was held while others overtook it",
  "a mute node said nothing",
  "a node lied",
  "a node said one thing to some and another to others",
  "a node was removed",
  "a node was taken in",
  "a pause held something back",
  "a reset took what was under way",
  "a slow node let something wait",
  "a wall clock was turned all the way",
  "a wipe took what was durable",
  "an fsync made nothing durable",
  "an fsync took longer than usual",
  "leader isolated",
  "something damaged was read from a disk",
] as const;

export type SimProbe = (typeof simProbes)[number];
