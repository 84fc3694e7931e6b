import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meanOf, shareOf, slopeOf } from "../../src/experiment/statistics.js";
import { exponentialOf } from "../../src/random/exponential.js";
import { Streams } from "../../src/random/streams.js";

describe("the interval of a mean", () => {
  test("is Student's: a textbook sample", () => {
    // t(0.975, 4) = 2.7764, s = sqrt(2.5).
    const { value, low, high } = meanOf([1, 2, 3, 4, 5], 0.95);
    expect(value).toBe(3);
    expect(high - value).toBeCloseTo((2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(value - low).toBeCloseTo(high - value, 12);
  });

  test("has no width where nothing varies, and grows with the confidence", () => {
    expect(meanOf([7, 7, 7], 0.999)).toEqual({ value: 7, low: 7, high: 7 });
    const samples = [1, 5, 2, 8];
    expect(meanOf(samples, 0.999_99).high).toBeGreaterThan(meanOf(samples, 0.95).high);
  });

  test("takes two samples", () => {
    expect(() => meanOf([1], 0.95)).toThrow(RangeError);
  });
});

describe("the interval of a share", () => {
  test("is that of Clopper and Pearson: published values", () => {
    const { low, high } = shareOf(4, 20, 0.95);
    expect(low).toBeCloseTo(0.0573, 4);
    expect(high).toBeCloseTo(0.4366, 4);
  });

  test("of nothing and of all ends at 0 and 1, and the other end is the rule of three", () => {
    expect(shareOf(0, 100, 0.95)).toMatchObject({ value: 0, low: 0 });
    expect(shareOf(0, 100, 0.95).high).toBeCloseTo(1 - 0.025 ** (1 / 100), 9);
    expect(shareOf(100, 100, 0.95)).toMatchObject({ value: 1, high: 1 });
  });

  test("is where the binomial distribution has its tails", () => {
    const atLeast = (hits: number, trials: number, p: number): number => {
      let sum = 0;
      for (let k = hits; k <= trials; k++) {
        let term = 1;
        for (let i = 0; i < k; i++) term *= ((trials - i) / (i + 1)) * p;
        sum += term * (1 - p) ** (trials - k);
      }
      return sum;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (trials, pick) => {
        const hits = 1 + (pick % trials);
        const { low, high } = shareOf(hits, trials, 0.99);
        expect(atLeast(hits, trials, low)).toBeCloseTo(0.005, 6);
        if (hits < trials) expect(1 - atLeast(hits + 1, trials, high)).toBeCloseTo(0.005, 6);
      }),
    );
  });
});

describe("the slope of a line", () => {
  test("is exact where the points are on one", () => {
    const fit = slopeOf(
      [1, 2, 5, 9].map((x) => [x, 3 * x - 2] as const),
      0.999,
    );
    expect(fit.value).toBeCloseTo(3, 12);
    expect(fit.intercept).toBeCloseTo(-2, 12);
    expect(fit.rSquared).toBeCloseTo(1, 12);
    expect(fit.high - fit.low).toBeLessThan(1e-6);
  });

  test("has the textbook's interval", () => {
    // Residuals 0.2, -0.1, -0.4, 0.3 around 1.3 x + 0.5: s² = 0.15, t(0.975, 2) = 4.3027.
    const fit = slopeOf(
      [
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 6],
      ],
      0.95,
    );
    expect(fit.value).toBeCloseTo(1.3, 12);
    expect(fit.high - fit.value).toBeCloseTo(4.302653 * Math.sqrt(0.15 / 5), 5);
    expect(fit.rSquared).toBeCloseTo(1 - 0.3 / 8.75, 9);
  });

  test("takes three points, and different ones", () => {
    expect(() =>
      slopeOf(
        [
          [1, 1],
          [2, 2],
        ],
        0.95,
      ),
    ).toThrow(RangeError);
    expect(() =>
      slopeOf(
        [
          [1, 1],
          [1, 2],
          [1, 3],
        ],
        0.95,
      ),
    ).toThrow(RangeError);
  });
});

test("exponential waiting times have the mean and the tail of the distribution", () => {
  const random = new Streams(1).stream("test");
  const draws = Array.from({ length: 40_000 }, () => exponentialOf(random, 1_000_000));
  const { low, high } = meanOf(draws, 0.9999);
  expect(low).toBeLessThan(1_000_000);
  expect(high).toBeGreaterThan(1_000_000);
  const late = shareOf(draws.filter((draw) => draw > 3_000_000).length, draws.length, 0.9999);
  expect(late.low).toBeLessThan(Math.exp(-3));
  expect(late.high).toBeGreaterThan(Math.exp(-3));
});
