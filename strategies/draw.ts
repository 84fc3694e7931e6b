/** What the strategies draw with: fewer of the faults that the nemeses drew, and times. */

import type { Topology } from "../nemeses/nemesis.js";
import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";

export const MILLISECOND_US = 1_000;
export const SECOND_US = 1_000_000;

/**
 * What followers and backups wait before they give a silent peer up, in the usual implementations
 * between 0.15 and 0.5 s (Ongaro's Raft: 150 to 300 ms). Strategies know no system: they spread
 * around this.
 */
export const ELECTION_TIMEOUT_US = 300 * MILLISECOND_US;

/**
 * What stays of the faults drawn beside those of a strategy: in every other run all of them, since
 * those of a nemesis may be one story that makes no sense in parts; in the others none. How fast
 * clocks go always stays: that is what the machines are like rather than what befalls them.
 */
export function beside(random: Random, drawn: readonly FaultDraft[]): FaultDraft[] {
  const all = random.chance(1, 2);
  return drawn.filter(({ kind }) => all || kind === "clock-rate");
}

/** From `atUs` for so long, cut where the main phase ends; both in [0, timeLimitUs]. */
export function lasting(
  { timeLimitUs }: Topology,
  atUs: number,
  forUs: number,
): { atUs: number; untilUs: number } {
  const begins = Math.min(atUs, timeLimitUs - 1);
  return { atUs: begins, untilUs: Math.min(timeLimitUs, begins + forUs) };
}
