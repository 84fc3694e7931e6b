/**
 * The rules by which figures make a class (Abadi, "Consistency Tradeoffs in Modern Distributed Database
 * System Design", 2012): if there is a partition (P), does the system trade availability or consistency
 * (A or C); else (E), does it trade latency or consistency (L or C)?
 *
 * - PA: both sides of the partition answer reads and writes, at least `AVAILABLE` of what they are asked.
 *   Otherwise PC: as with Abadi that says what is given up, and not that what remains is consistent.
 * - EC: without a partition, everything that clients saw is linearizable. Otherwise EL.
 */

import type { Figures, Shares } from "./measure.js";

/** The share of answers from which a side counts as available. */
export const AVAILABLE = 0.95;

export type PacelcClass = `${"PA" | "PC"}/${"EL" | "EC" | "E?"}`;

export function classOf({
  partition,
  else: whole,
}: Pick<Figures, "partition" | "else">): PacelcClass {
  const { minority, majority } = partition.availability;
  const inPartition = available(minority) && available(majority) ? "PA" : "PC";
  if (whole.consistent === "unknown") return `${inPartition}/E?`;
  return `${inPartition}/${whole.consistent ? "EC" : "EL"}`;
}

function available({ read, write }: Shares): boolean {
  return (read ?? 0) >= AVAILABLE && (write ?? 0) >= AVAILABLE;
}
