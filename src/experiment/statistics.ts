/** Intervals of confidence: for a mean, for a share and for the slope of a line. */

import jstat from "jstat";

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/**
 * The mean of independent samples, with Student's t interval (Gosset 1908). O(n).
 * @throws RangeError for fewer than two samples.
 */
export function meanOf(samples: readonly number[], confidence: number): Estimate {
  if (samples.length < 2) throw new RangeError("a mean with an interval takes two samples or more");
  const value = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - value) ** 2, 0);
  const error = Math.sqrt(squares / (samples.length - 1) / samples.length);
  const reach = error === 0 ? 0 : error * tQuantile(confidence, samples.length - 1);
  return { value, low: value - reach, high: value + reach };
}

/** A share, with the exact interval of Clopper and Pearson (1934). */
export function shareOf(hits: number, trials: number, confidence: number): Estimate {
  if (trials < 1 || hits < 0 || hits > trials) throw new RangeError(`${hits} of ${trials}`);
  const tail = (1 - confidence) / 2;
  return {
    value: hits / trials,
    low: hits === 0 ? 0 : jstat.beta.inv(tail, hits, trials - hits + 1),
    high: hits === trials ? 1 : jstat.beta.inv(1 - tail, hits + 1, trials - hits),
  };
}

export interface Fit extends Estimate {
  intercept: number;
  /** The share of the variance that the line explains; none where there is no variance. */
  rSquared?: number;
}

/**
 * The least-squares line through points; the estimate is its slope. O(n).
 * @throws RangeError for fewer than three points, or where all x are equal.
 */
export function slopeOf(
  points: readonly (readonly [x: number, y: number])[],
  confidence: number,
): Fit {
  const n = points.length;
  if (n < 3) throw new RangeError("a slope with an interval takes three points or more");
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  if (xx === 0) throw new RangeError("a slope takes points at different x");
  const value = xy / xx;
  const residual = Math.max(0, yy - value * xy);
  const reach = Math.sqrt(residual / (n - 2) / xx) * tQuantile(confidence, n - 2);
  return {
    value,
    low: value - reach,
    high: value + reach,
    intercept: meanY - value * meanX,
    ...(yy === 0 ? {} : { rSquared: 1 - residual / yy }),
  };
}

/** So many standard errors to either side hold the true value with that confidence. */
function tQuantile(confidence: number, degreesOfFreedom: number): number {
  return jstat.studentt.inv(1 - (1 - confidence) / 2, degreesOfFreedom);
}
