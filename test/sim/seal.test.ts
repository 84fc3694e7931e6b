import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type Json } from "../../src/base/json.js";
import { copyOf, NotPlainData, seal } from "../../src/sim/seal.js";

/** JSON values whose text says all about them: small ones, so that near misses are frequent. */
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, "", "a", "b", "ab", "null", "1"),
  fc.integer({ min: -3, max: 30 }),
  fc.constantFrom(0.5, -0.5, 1e21, 2 ** 31, 2 ** 32, -(2 ** 31), 5e-324),
);
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "", "__proto__"), tie("value"), { maxKeys: 3 }),
  ),
}));

/** The text with keys in their own order: what the hash tells apart. */
const text = (value: Json): string => JSON.stringify(value);
const hashOf = (value: Json): number => seal(value).hash;

function refusal(value: unknown): string {
  try {
    seal(value as Json);
  } catch (error) {
    if (error instanceof NotPlainData) return error.message;
    throw error;
  }
  return "accepted";
}

describe("a sealed value", () => {
  test("is a deep copy: equal, and sharing no object or array", () => {
    const shared = (left: Json, right: Json): boolean =>
      typeof left === "object" &&
      left !== null &&
      (left === right ||
        Object.entries(left).some(([name, field]) =>
          shared(field as Json, (right as { [name: string]: Json })[name] as Json),
        ));
    fc.assert(
      fc.property(json, (value) => {
        const before = canonical(value);
        for (const copy of [seal(value).value, copyOf(value)]) {
          expect(copy).toEqual(value);
          expect(shared(value, copy)).toBe(false);
        }
        expect(canonical(value)).toBe(before);
      }),
    );
  });

  test("has the hash of its content: equal for equal content, different for different content", () => {
    const seen = new Map<number, string>();
    fc.assert(
      fc.property(json, (value) => {
        const hash = hashOf(value);
        expect(hashOf(JSON.parse(text(value)) as Json)).toBe(hash);
        expect(seen.get(hash) ?? text(value)).toBe(text(value));
        seen.set(hash, text(value));
      }),
      { numRuns: 500 },
    );
  });

  test("tells apart what is small and alike", () => {
    const values: Json[] = [
      ...Array.from({ length: 64 }, (_, i) => i - 32),
      ...[null, true, false, "", [], {}, [[]], [{}], { a: {} }, [0], [0, 0], ["", ""]],
      ...[
        "0",
        "1",
        "null",
        "true",
        0.5,
        -0.5,
        1.5,
        0.1,
        0.1 + 2 ** -56,
        2 ** 31,
        -(2 ** 31),
        2 ** 32,
      ],
      ...[{ a: 1 }, { b: 1 }, { a: 2 }, { a: 1, b: 2 }, { a: 2, b: 1 }, { ab: 1 }],
      ...[{ a: { b: 1 }, c: 2 }, { a: { b: 1, c: 2 } }, { a: "b" }, ["a", "b"], ["ab"], ["b", "a"]],
      ...[[1, [2]], [[1], 2], [1, 2], [2, 1], [[1, 2]]],
    ];
    expect(new Set(values.map(hashOf)).size).toBe(values.length);
  });

  test("counts the order of keys and of elements", () => {
    expect(hashOf({ a: 1, b: 2 })).not.toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
  });

  test("leaves out fields that are undefined, as JSON does", () => {
    const sealed = { ...seal({ a: 1, b: undefined, c: { d: undefined } }) };
    expect(Object.keys(sealed.value)).toEqual(["a", "c"]);
    expect(sealed.value).toEqual({ a: 1, c: {} });
    expect(sealed.hash).toBe(hashOf({ a: 1, c: {} }));
  });

  test("knows one zero only, wherever it stands", () => {
    for (const value of [-0, [-0], { a: -0 }, { a: [{ b: -0 }] }]) {
      const sealed = { ...seal(value as Json) };
      expect(sealed.value).toStrictEqual(JSON.parse(text(value as Json)));
      expect(sealed.hash).toBe(hashOf(JSON.parse(text(value as Json)) as Json));
    }
  });

  test("has a size near that of its JSON text, whatever it is made of", () => {
    const parts: Json[] = [null, true, 7, 12_345_678, 0.123_456_789, "", "some text", [], {}, [[]]];
    const wholes: Json[] = [...parts, { name: "n1" }, { a: { b: [1, "c"] } }];
    for (const part of wholes) {
      const value = new Array<Json>(100).fill(part);
      const ratio = seal(value).size / text(value).length;
      expect([part, ratio > 0.5, ratio < 3]).toEqual([part, true, true]);
    }
  });
});

describe("what is not plain data", () => {
  class Money {
    cents = 5;
  }
  const circle: { name: string; self?: unknown } = { name: "loop" };
  circle.self = circle;

  test.each([
    [
      "a function",
      { entries: [1, { fire: () => 1 }] },
      'a function is not plain data at "entries.1.fire"',
    ],
    [
      "a class instance",
      { price: new Money() },
      'an instance of Money is not plain data at "price"',
    ],
    ["a date", { at: [new Date(0)] }, 'an instance of Date is not plain data at "at.0"'],
    ["a map", { index: new Map() }, 'an instance of Map is not plain data at "index"'],
    ["NaN", { a: { b: Number.NaN } }, 'NaN is not plain data at "a.b"'],
    ["infinity", [1, Number.NEGATIVE_INFINITY], '-Infinity is not plain data at "1"'],
    ["a bigint", { n: 1n }, 'a bigint is not plain data at "n"'],
    ["a symbol", { s: Symbol("s") }, 'a symbol is not plain data at "s"'],
    ["an undefined element", [1, undefined], 'undefined is not plain data at "1"'],
    ["a function on its own", () => 1, "a function is not plain data"],
  ])("%s is refused, with its place", (_, value, message) => {
    expect(refusal(value)).toBe(message);
  });

  test("a circle is refused instead of followed for ever", () => {
    expect(refusal(circle)).toMatch(/nested too deep, or in a circle at "self\.self/);
    const ring: unknown[] = [];
    ring.push([ring]);
    expect(refusal(ring)).toMatch(/in a circle/);
  });

  test("a deep value that is no circle passes", () => {
    let deep: Json = 1;
    for (let i = 0; i < 150; i++) deep = [deep];
    expect(refusal(deep)).toBe("accepted");
  });

  test("an object without a prototype passes as the plain object that it is", () => {
    const bare = Object.assign(Object.create(null) as { a?: number }, { a: 1 });
    expect(seal(bare).value).toEqual({ a: 1 });
  });
});
