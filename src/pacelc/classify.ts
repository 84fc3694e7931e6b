/**
 * The rules by which figures make a class (Abadi, "Consistency Tradeoffs in Modern Distributed Database
 * System Design", 2012): if there is a partition (P), does the system trade availability or consistency
 * (A or C); else (E), does it trade latency or consistency (L or C)?
 *
 * - PA: both sides of the partition answer reads and writes, at least `AVAILABLE` of what they are asked;
 *   or answers are not linearizable that without a partition are (Abadi's MongoDB, whose fail-over loses
 *   writes). Otherwise PC: that says what is given up, and not that what remains is consistent.
 * - EC: without a partition, everything that clients saw is linearizable. Otherwise EL.
 *
 * Two theorems watch over the measurement. Where both sides answer, the answers cannot be linearizable
 * (Gilbert and Lynch, 2002); and where a read and a write together take less than the way from one node
 * to another, they cannot be either (Lipton and Sandberg, 1988). If nothing was seen, too little was
 * looked at: the letter is a question mark.
 */

import type { Consistency, Figures, Shares } from "./measure.js";

/** The share of answers from which a side counts as available. */
export const AVAILABLE = 0.95;

type InPartition = "PA" | "PC" | "P?";
type Else = "EL" | "EC" | "E?";

export type PacelcClass = `${InPartition}/${Else}`;

export interface Classified {
  class: PacelcClass;
  /** In one sentence each. */
  reasons: { partition: string; else: string };
}

type Letter<Name> = readonly [name: Name, reason: string];

export function classify(figures: Figures): Classified {
  const [partition, ofPartition] = inPartition(figures);
  const [whole, ofWhole] = without(figures.else);
  return {
    class: `${partition}/${whole}`,
    reasons: { partition: ofPartition, else: ofWhole },
  };
}

function inPartition({ partition, else: whole }: Figures): Letter<InPartition> {
  const { minority, majority } = partition.availability;
  const lacking = lack("minority", minority) ?? lack("majority", majority);
  if (lacking === undefined) {
    if (partition.consistent === false) {
      return ["PA", `both sides answer, and cannot agree: ${stale(partition)}`];
    }
    return ["P?", "both sides answer, and no run showed that they cannot agree"];
  }
  if (whole.consistent !== true || partition.consistent === true) return ["PC", lacking];
  if (partition.consistent === false) {
    return ["PA", `${lacking}, yet what is answered is no longer linearizable`];
  }
  return ["P?", `${lacking}; the checker could not decide whether the answers are linearizable`];
}

function without(whole: Figures["else"]): Letter<Else> {
  const { consistent, latencyMs } = whole;
  const { read, write, oneWayMs } = latencyMs;
  if (consistent === false) return ["EL", stale(whole)];
  if (read === null || write === null) return ["E?", "nothing is answered without a partition"];
  if (consistent === "unknown") return ["E?", "the checker could not decide"];
  const together = `a read and a write take ${(read + write).toFixed(1)} ms together`;
  if (read + write < oneWayMs) {
    return ["E?", `${together}, less than a linearizable store needs, and no run showed why`];
  }
  return ["EC", `no violation was found, and ${together}`];
}

/** What a side does not answer, if it is not available. */
function lack(side: string, { read, write }: Shares): string | undefined {
  const lacks = (share: number | null): boolean => (share ?? 0) < AVAILABLE;
  if (!lacks(read) && !lacks(write)) return undefined;
  const [what, share] = lacks(write) ? ["writes", write] : ["reads", read];
  return `the ${side} has ${percent(share ?? 0)} of its ${what} answered`;
}

function stale({ staleReads }: Consistency): string {
  if (staleReads === null || staleReads === 0) return "some answers fit no order";
  return `${percent(staleReads)} of the reads are stale`;
}

function percent(share: number): string {
  const whole = Math.round(share * 100);
  return whole === 0 && share > 0 ? "less than 1 %" : `${whole} %`;
}
