/** Moments of the protocol that a campaign should have seen. */

export const probes = [
  "a shard was handed over",
  "a shard was split",
  "a hand-off was given up",
  "a node thawed what it had frozen",
  "a node restarted with a shard that it had frozen",
  "a copy came again, or too late",
  "a copy was meant for an earlier life of the node",
  "a request met a shard that was handed over",
  "a request was sent on with a newer table",
  "a request came again after it was answered",
  "a node was taken in",
  "a node left when it had nothing left",
] as const;
