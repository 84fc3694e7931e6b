/**
 * Delta debugging: the part of a list that a failure needs.
 *
 * ddmin of Zeller and Hildebrandt ("Simplifying and isolating failure-inducing input", 2002), with
 * complements only, and going on behind a part that could be left out instead of from the front, as
 * C-Reduce does: parts of half the list, then of a quarter, down to single items. The last sweep
 * left no item out, so the result is 1-minimal, whether or not the predicate is monotone.
 * O(n log n) tests at best, O(n²) at worst; the same list always gives the same result.
 */

/**
 * @param items fail together; `fails` is not asked about them.
 * @param fails whether a sublist, in the order of `items`, still fails.
 * @returns a sublist that fails, and does not without any one of its items.
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (kept: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await fails([]))) return [];
  let kept = items;
  let length = Math.ceil(items.length / 2);
  for (;;) {
    const before = kept.length;
    kept = await sweep(kept, length, fails);
    if (length > 1) length = Math.ceil(Math.min(length, kept.length) / 2);
    else if (kept.length === before) return kept;
  }
}

/** Leaves out each part of this length that can be spared, from the back: consequences come last. */
async function sweep<T>(
  items: readonly T[],
  length: number,
  fails: (kept: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items;
  for (let end = kept.length; end > 0; end -= length) {
    const begin = Math.max(0, end - length);
    const rest = [...kept.slice(0, begin), ...kept.slice(end)];
    // Nothing at all was tried first.
    if (rest.length > 0 && (await fails(rest))) kept = rest;
  }
  return kept;
}
