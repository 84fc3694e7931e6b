/**
 * Spans by clocks that drift: each runs within rho of true time, so that a span D of such a clock lasts
 * from D / (1 + rho) to D / (1 - rho). What must last long enough is counted longer, what must not last
 * too long shorter. All in whole milliseconds, rounded to the safe side.
 */

export const DRIFT_PPM_MAX = 100_000;
const MILLION = 1_000_000;

/** What a clock must count so that at least `spanMs` of true time are over. */
export function atLeastMs(spanMs: number): number {
  return Math.ceil((spanMs * (MILLION + DRIFT_PPM_MAX)) / MILLION) + 1;
}

/** What a clock may count so that at most `spanMs` of true time are over. */
export function atMostMs(spanMs: number): number {
  return Math.max(0, Math.floor((spanMs * (MILLION - DRIFT_PPM_MAX)) / MILLION) - 1);
}

/** The longest that a lease of `leaseMs` may last in true time, counted by the slowest clock. */
export function longestMs(leaseMs: number): number {
  return Math.ceil((atLeastMs(leaseMs) * MILLION) / (MILLION - DRIFT_PPM_MAX)) + 1;
}
