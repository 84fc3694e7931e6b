/** How time grows with size: the slope on log-log axes, and whether n log n explains it. */

export interface Timing {
  size: number;
  seconds: number;
}

/** Below this, time is start-up and compilation. */
const SECONDS_MIN = 0.02;
/** Machines are noisy, and caches end somewhere: by so much may n log n be exceeded per decade. */
const TOLERANCE = 2;

/**
 * The least-squares slope of log time over log size; n log n itself has 1.08 or so here.
 * Undefined for fewer than two sizes.
 */
export function slope(timings: readonly Timing[]): number | undefined {
  const points = timings.map(({ size, seconds }) => [Math.log(size), Math.log(seconds)] as const);
  if (points.length < 2) return undefined;
  const mean = (axis: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** Whether from some size to the next the time grew by more than `TOLERANCE` times n log n. */
export function outgrowsNLogN(timings: readonly Timing[]): boolean {
  const cost = ({ size, seconds }: Timing): number =>
    Math.max(seconds, SECONDS_MIN) / (size * Math.log2(size));
  return timings.some((timing, i) => {
    const previous = timings[i - 1];
    return previous !== undefined && cost(timing) > TOLERANCE * cost(previous);
  });
}
