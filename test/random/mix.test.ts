import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { avalanche, hashText, mix, scale, thresholdOfPpm } from "../../src/random/mix.js";

const word = fc.integer();

describe("mixing", () => {
  test("a single flipped bit changes about half of the result", () => {
    let changed = 0;
    for (let i = 0; i < 1_000; i++) {
      for (let bit = 0; bit < 32; bit++) {
        let difference = avalanche(i) ^ avalanche(i ^ (1 << bit));
        for (; difference !== 0; difference &= difference - 1) changed++;
      }
    }
    expect(changed / 32_000).toBeGreaterThan(15.5);
    expect(changed / 32_000).toBeLessThan(16.5);
  });

  test("is sensitive to order, and does not get stuck at zero", () => {
    expect(mix(0, 0)).not.toBe(0);
    expect(mix(1, 2)).not.toBe(mix(2, 1));
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(mix(left, right)).toBe(mix(left, right) | 0);
        if (left !== right) expect(mix(left, right)).not.toBe(mix(left, left));
      }),
    );
  });

  test("tells texts apart that are near each other", () => {
    const texts = ["", "\0", "\0\0", "a", "b", "ab", "ba", "n1", "n2", "n11", "c1->n1", "c11->n"];
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
  });

  test("is the same for ever: changing these values breaks every saved case", () => {
    expect([avalanche(1), mix(1, 2), hashText("link/n1/n2")]).toMatchInlineSnapshot(`
      [
        1364076727,
        1528340906,
        1076021182,
      ]
    `);
  });
});

describe("chances as thresholds", () => {
  test("0 ppm never hits, a million always does, and each ppm counts", () => {
    expect(thresholdOfPpm(0)).toBe(0);
    expect(thresholdOfPpm(1_000_000)).toBe(2 ** 32);
    expect(0xffffffff < thresholdOfPpm(1_000_000)).toBe(true);
    expect(thresholdOfPpm(500_000)).toBe(2 ** 31);
    expect(thresholdOfPpm(1)).toBe(4_294);
    fc.assert(
      fc.property(fc.nat(999_999), (ppm) => {
        expect(thresholdOfPpm(ppm + 1)).toBeGreaterThan(thresholdOfPpm(ppm));
      }),
    );
  });
});

describe("scaling a word to a bound", () => {
  test("maps the least word to 0 and the greatest to just below the bound", () => {
    for (const bound of [1, 2, 3, 1_000, 2 ** 31, 2 ** 32]) {
      expect(scale(0, bound)).toBe(0);
      expect(scale(-1, bound)).toBe(bound - 1);
    }
  });

  test("keeps the order of words, read as unsigned", () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 2 ** 32 }), (left, right, bound) => {
        const [low, high] = left >>> 0 < right >>> 0 ? [left, right] : [right, left];
        expect(scale(low, bound)).toBeLessThanOrEqual(scale(high, bound));
        expect(scale(high, bound)).toBeLessThan(bound);
      }),
    );
  });
});
