/** Delta debugging against predicates that are known, monotone or not. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ddmin } from "../../src/shrink/ddmin.js";

const ITEMS_MAX = 24;

/** What is left of 0 … n-1, and how many questions it took. */
async function reduce(
  n: number,
  fails: (kept: readonly number[]) => boolean,
): Promise<{ kept: readonly number[]; asked: number }> {
  const items = Array.from({ length: n }, (_, i) => i);
  let asked = 0;
  const kept = await ddmin(items, async (some) => {
    asked++;
    return fails(some);
  });
  return { kept, asked };
}

function withoutEach(kept: readonly number[]): number[][] {
  return kept.map((_, i) => kept.filter((_item, j) => j !== i));
}

describe("ddmin", () => {
  test("finds exactly what a monotone failure needs", async () => {
    const arbitrary = fc
      .integer({ min: 1, max: ITEMS_MAX })
      .chain((n) => fc.tuple(fc.constant(n), fc.subarray(Array.from({ length: n }, (_, i) => i))));
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([n, needed]) => {
        const { kept } = await reduce(n, (some) => needed.every((item) => some.includes(item)));
        expect(kept).toEqual(needed);
      }),
    );
  });

  test("ends where a failure of any sort does not survive the loss of one item", async () => {
    const arbitrary = fc.record({
      n: fc.integer({ min: 1, max: ITEMS_MAX }),
      salt: fc.nat(1_000_000),
      odds: fc.integer({ min: 2, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ n, salt, odds }) => {
        // Whether a sublist fails has nothing to do with whether its neighbours do.
        const fails = (some: readonly number[]): boolean =>
          some.length === n ||
          some.reduce((hash, item) => (hash * 31 + item + 1) % 1_000_003, salt) % odds === 0;
        const { kept } = await reduce(n, fails);
        expect(fails(kept)).toBe(true);
        if (!fails([])) expect(withoutEach(kept).filter(fails)).toEqual([]);
        expect([...kept].sort((a, b) => a - b)).toEqual(kept);
      }),
    );
  });

  test("asks about nothing at all first", async () => {
    expect(await reduce(1_000, () => true)).toEqual({ kept: [], asked: 1 });
    expect(await reduce(0, () => true)).toEqual({ kept: [], asked: 0 });
  });

  test("finds two items among a thousand with few questions", async () => {
    const { kept, asked } = await reduce(1_000, (some) => some.includes(17) && some.includes(911));
    expect(kept).toEqual([17, 911]);
    expect(asked).toBeLessThan(80);
  });
});
