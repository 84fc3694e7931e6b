/**
 * How long to wait where messages have a bound: longer than it can take, or a node that is merely slow
 * is taken for dead, and the dead have no say.
 */

/** All times are those of a node's own clock. */
export interface Timeouts {
  /** For all votes, from the first request on. */
  votesMs: number;
  /** For answers to what was sent to all: whoever has not answered by then has crashed. */
  roundMs: number;
  /** From a participant's vote until its coordinator has told the outcome, or has crashed. */
  doubtMs: number;
}

/** What a record takes to become durable, at most, in milliseconds. */
const DISK_MS = 10;
/** Clocks that drift by up to a fiftieth either way. */
const MARGIN_PERCENT = 105;

/** `boundMs`: how long a message is under way, at most, in true time. */
export function timeoutsFor(boundMs: number): Timeouts {
  const padded = (ms: number): number => Math.ceil((ms * MARGIN_PERCENT) / 100);
  const votesMs = 4 * (2 * boundMs + DISK_MS);
  const roundMs = padded(2 * boundMs + DISK_MS);
  const doubtMs = padded(padded(votesMs + roundMs) + 2 * boundMs);
  return { votesMs, roundMs, doubtMs };
}
