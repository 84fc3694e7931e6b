import { describe, expect, it } from "vitest";
import { outgrowsNLogN, slope, type Timing } from "../../../bench/linearizability/growth.js";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];

function timings(seconds: (size: number) => number): Timing[] {
  return SIZES.map((size) => ({ size, seconds: seconds(size) }));
}

describe("growth", () => {
  it("has the exponent of a power as its slope", () => {
    expect(slope(timings((n) => 1e-9 * n ** 1.5))).toBeCloseTo(1.5, 6);
  });

  it("has no slope from one point", () => {
    expect(slope([{ size: 1_000, seconds: 1 }])).toBeUndefined();
  });

  it("of n log n, or of less, is not too much", () => {
    expect(outgrowsNLogN(timings((n) => 1e-7 * n * Math.log2(n)))).toBe(false);
    expect(outgrowsNLogN(timings((n) => 1e-5 * Math.sqrt(n)))).toBe(false);
  });

  it("of n squared is too much, as soon as it takes more than start-up", () => {
    expect(outgrowsNLogN(timings((n) => 1e-10 * n * n))).toBe(true);
    expect(outgrowsNLogN(timings((n) => 1e-15 * n * n))).toBe(false);
  });
});
