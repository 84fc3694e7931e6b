/**
 * Places of numbers in ascending order: a radix sort over the 64 bits of doubles, since sorting
 * a million places by a comparison function takes most of a second.
 */

const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;
/** Below this many numbers the tables of the radix sort cost more than comparing. */
const FEW = 4096;

/** `numbers` are different and none is NaN. O(n). */
export function sortPermutation(numbers: Float64Array): Int32Array {
  const count = numbers.length;
  let places = new Int32Array(count);
  for (let i = 0; i < count; i++) places[i] = i;
  if (count < FEW) return places.sort((a, b) => numbers[a]! - numbers[b]!);

  const [low, high] = orderedWords(numbers);
  let spare = new Int32Array(count);
  for (const [words, shift] of [
    [low, 0],
    [low, DIGIT_BITS],
    [high, 0],
    [high, DIGIT_BITS],
  ] as const) {
    const start = new Int32Array(DIGITS + 1);
    for (let i = 0; i < count; i++) start[((words[i]! >>> shift) & (DIGITS - 1)) + 1]! += 1;
    if (start.includes(count)) continue;
    for (let digit = 0; digit < DIGITS; digit++) start[digit + 1]! += start[digit]!;
    for (let i = 0; i < count; i++) {
      const place = places[i]!;
      spare[start[(words[place]! >>> shift) & (DIGITS - 1)]!++] = place;
    }
    [places, spare] = [spare, places];
  }
  return places;
}

/**
 * Two unsigned words per number whose order is that of the numbers: a positive double's bits with the
 * sign set, a negative one's inverted.
 */
function orderedWords(numbers: Float64Array): [Uint32Array, Uint32Array] {
  const low = new Uint32Array(numbers.length);
  const high = new Uint32Array(numbers.length);
  const bytes = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < numbers.length; i++) {
    bytes.setFloat64(0, numbers[i]!);
    const top = bytes.getUint32(0);
    const bottom = bytes.getUint32(4);
    const negative = top >>> 31 === 1;
    high[i] = negative ? ~top : top | 0x8000_0000;
    low[i] = negative ? ~bottom : bottom;
  }
  return [low, high];
}
