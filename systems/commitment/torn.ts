/** What clients see where one shard has a transaction and another has not, or not in the same order. */

const CYCLES = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const;

export const TORN: readonly string[] = [
  "lost-update",
  "incompatible-order",
  "dirty-update",
  "internal",
  "G-cursor",
  "G1a",
  "G1b",
  ...CYCLES.flatMap((cycle) => [cycle, `${cycle}-process`, `${cycle}-realtime`]),
];
