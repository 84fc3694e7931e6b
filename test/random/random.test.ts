import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/random/random.js";
import { Streams } from "../../src/random/streams.js";

const streams = fc.nat().map((seed) => new Streams(seed).stream("test"));

describe("a stream of draws", () => {
  test("is the same for ever: changing these values breaks every saved case", () => {
    const random = new Streams(7).stream("golden", 1, 2);
    const list = <T>(count: number, draw: () => T): string =>
      Array.from({ length: count }, draw).join(" ");
    expect({
      words: list(3, () => random.word()),
      ints: list(8, () => random.int(1000)),
      between: list(4, () => random.between(-5, 5)),
      chances: list(8, () => random.chance(1, 3)),
      shuffled: random.shuffle(["a", "b", "c", "d", "e"]).join(""),
      magnitudes: list(6, () => random.magnitude(10, 1_000_000)),
    }).toMatchInlineSnapshot(`
      {
        "between": "-5 -4 -3 2",
        "chances": "false false true false true false false true",
        "ints": "91 800 520 592 457 236 355 959",
        "magnitudes": "377 273 9298 1111 18 20",
        "shuffled": "abecd",
        "words": "1150223830 -1379425332 -1913574634",
      }
    `);
  });

  test("starts anew from the same three words", () => {
    const [left, right] = [new Random([1, 2, 3]), new Random([1, 2, 3])];
    for (let i = 0; i < 100; i++) expect(left.word()).toBe(right.word());
  });

  test("spreads its words: every bit is set in about half of them", () => {
    const random = new Streams(1).stream("bits");
    const set = new Array<number>(32).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const word = random.word();
      for (let bit = 0; bit < 32; bit++) set[bit] = (set[bit] as number) + ((word >>> bit) & 1);
    }
    // Standard deviation 50: eight of them on either side.
    for (const count of set) expect(Math.abs(count - 5_000)).toBeLessThan(400);
  });
});

describe("int", () => {
  test("stays below its bound", () => {
    fc.assert(
      fc.property(
        streams,
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (random, bound) => {
          const draw = random.int(bound);
          expect(Number.isInteger(draw) && draw >= 0 && draw < bound).toBe(true);
        },
      ),
    );
  });

  test("reaches every value about equally often", () => {
    const random = new Streams(3).stream("uniform");
    for (const bound of [2, 3, 10, 64]) {
      const counts = new Array<number>(bound).fill(0);
      for (let i = 0; i < 1_000 * bound; i++) {
        const draw = random.int(bound);
        counts[draw] = (counts[draw] as number) + 1;
      }
      // Standard deviation below 32: eight of them on either side.
      for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(256);
    }
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses %d as a bound", (bound) => {
    expect(() => new Random([1, 2, 3]).int(bound)).toThrow("the bound is a positive integer");
  });
});

describe("between", () => {
  test("includes both ends and nothing beyond", () => {
    const random = new Streams(4).stream("between");
    const seen = new Set(Array.from({ length: 500 }, () => random.between(-2, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });
});

describe("chance", () => {
  test("is never for 0 and always for 1, and near its ratio between them", () => {
    const random = new Streams(5).stream("chance");
    const hits = (numerator: number, denominator: number): number => {
      let count = 0;
      for (let i = 0; i < 10_000; i++) if (random.chance(numerator, denominator)) count++;
      return count;
    };
    expect(hits(0, 7)).toBe(0);
    expect(hits(7, 7)).toBe(10_000);
    expect(Math.abs(hits(1, 4) - 2_500)).toBeLessThan(350);
  });
});

describe("shuffle, sample and pick", () => {
  test("a shuffle is a permutation, and leaves its argument alone", () => {
    fc.assert(
      fc.property(streams, fc.array(fc.integer()), (random, items) => {
        const before = [...items];
        const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
        expect(sorted(random.shuffle(items))).toEqual(sorted(before));
        expect(items).toEqual(before);
      }),
    );
  });

  test("a shuffle brings out every order about equally often", () => {
    const random = new Streams(6).stream("shuffle");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = random.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(250);
  });

  test("a sample has as many different items as asked for, or all", () => {
    fc.assert(
      fc.property(streams, fc.uniqueArray(fc.integer()), fc.nat(20), (random, items, count) => {
        const sample = random.sample(items, count);
        expect(sample).toHaveLength(Math.min(count, items.length));
        expect(new Set(sample).size).toBe(sample.length);
        for (const item of sample) expect(items).toContain(item);
      }),
    );
  });

  test("a pick is one of the items, each of them some time; there is none from nothing", () => {
    const random = new Streams(8).stream("pick");
    const seen = new Set(Array.from({ length: 200 }, () => random.pick(["a", "b", "c"])));
    expect([...seen].sort()).toEqual(["a", "b", "c"]);
    expect(() => random.pick([])).toThrow("empty list");
  });
});

describe("magnitude", () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 300_000_000 }))
    .map(([min, more]) => ({ min, max: min + more }));

  test("stays within its ends, both included", () => {
    fc.assert(
      fc.property(streams, range, (random, { min, max }) => {
        const draw = random.magnitude(min, max);
        expect(Number.isInteger(draw) && draw >= min && draw <= max).toBe(true);
      }),
    );
  });

  test("gives each order of magnitude its share", () => {
    const random = new Streams(9).stream("magnitude");
    const decades = new Array<number>(5).fill(0);
    for (let i = 0; i < 5_000; i++) {
      const decade = String(random.magnitude(1, 99_999)).length - 1;
      decades[decade] = (decades[decade] as number) + 1;
    }
    for (const count of decades) expect(count).toBeGreaterThan(500);
  });
});
