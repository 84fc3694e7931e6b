/**
 * Raft's decisions as pure functions: no state, no clock, no network.
 */

import { majorityOf } from "../../src/base/majority.js";
import type { LogPosition } from "./messages.js";

/** §5.4.1: later last term first, then the longer log; equal logs are up to date. */
export function isUpToDate(candidate: LogPosition, voter: LogPosition): boolean {
  if (candidate.term !== voter.term) return candidate.term > voter.term;
  return candidate.index >= voter.index;
}

/** What a voter knows when it is asked. */
export interface VoterView {
  term: number;
  votedFor: string | null;
  lastLog: LogPosition;
}

/** §5.2 and §5.4.1: one vote a term, first come first served, and only for an up-to-date log. */
export function mayVote(
  voter: VoterView,
  candidate: { id: string; term: number; lastLog: LogPosition },
): boolean {
  if (candidate.term !== voter.term) return false;
  if (voter.votedFor !== null && voter.votedFor !== candidate.id) return false;
  return isUpToDate(candidate.lastLog, voter.lastLog);
}

/** The highest value that a majority has reached. O(n log n) in the number of servers. */
export function reachedByMajority(values: readonly number[]): number {
  const descending = [...values].sort((a, b) => b - a);
  return descending[majorityOf(values.length) - 1] ?? 0;
}

/**
 * How long, in local milliseconds, a leader may rely on a heartbeat round that it began and a
 * majority answered (thesis §6.4.1). A voter that heard it refuses to vote for `electionTimeoutMs`
 * of its own clock: at least electionTimeout / (1 + ρ) of true time, if clocks are off by at most
 * ρ. The lease lasts at most lease / (1 - ρ) of true time. Hence the fraction; one millisecond is
 * taken off for the rounding of clocks and timers.
 */
export function leaseMs(electionTimeoutMs: number, driftPpm: number): number {
  const million = 1_000_000;
  const safe = Math.floor((electionTimeoutMs * (million - driftPpm)) / (million + driftPpm));
  return Math.max(0, safe - 1);
}
