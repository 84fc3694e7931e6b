/** The moments of both kinds that a campaign should reach. */

export const probes = [
  "a lease ran out",
  "a renewal came after the end",
  "a late or second heartbeat changed nothing",
  "a registry restarted and gave all leases anew",
  "a cache followed the watch",
  "a cache was too far behind and listed anew",
  "a cache was too old to answer",
  "a node joined the ring again",
  "a node gave up its successor",
  "a neighbour unknown to the ring was found",
  "a lookup went round a silent node",
  "a life was merged with another copy",
] as const;

export type RegistryProbe = (typeof probes)[number];
