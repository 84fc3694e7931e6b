/**
 * How late a message is: quantiles of the exponential distribution as integers.
 *
 * -ln(1 - u) at the midpoints of 64 equal slices, in 1/1024 of the mean; the last slices carry the
 * tail. A table, because Math.log is not promised to be bit-equal across engines.
 */

// biome-ignore format: a table
const exponential1024 = [
  8, 24, 41, 58, 75, 92, 110, 128, 146, 165, 184, 203, 223, 243, 263, 284,
  305, 327, 349, 372, 395, 419, 444, 469, 494, 520, 547, 575, 603, 633, 663, 694,
  726, 759, 793, 828, 865, 903, 942, 983, 1026, 1070, 1117, 1166, 1217, 1271, 1328, 1388,
  1452, 1520, 1594, 1672, 1758, 1851, 1953, 2067, 2195, 2342, 2513, 2719, 2976, 3320, 3844, 4968,
];

/** A draw with the given mean, at most about 4.9 times the mean; from one uniform word. */
export function exponential(word: number, meanUs: number): number {
  const quantile = exponential1024[word >>> 26] as number;
  return Math.floor((quantile * meanUs) / 1024);
}
