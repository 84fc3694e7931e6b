import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Json, jsonEquals } from "../../src/base/json.js";
import { alter, alterBody, torn } from "../../src/sim/alter.js";
import { copyOf } from "../../src/sim/seal.js";

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => copyOf(value as Json));
const word = fc.integer();

describe("an altered value", () => {
  test("is another one, is plain data, and is the same for the same word", () => {
    fc.assert(
      fc.property(json, word, (value, drawn) => {
        const before = JSON.stringify(value);
        const altered = alter(value, drawn);
        expect(jsonEquals(altered, value)).toBe(false);
        expect(copyOf(altered)).toEqual(altered);
        expect(alter(value, drawn)).toEqual(altered);
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  test("keeps a field of whatever name", () => {
    const value = JSON.parse('{"__proto__": {}, "constructor": 1}') as Json;
    for (let word = 0; word < 50; word++) {
      const altered = alter(value, word);
      expect(copyOf(altered)).toEqual(altered);
      if (Array.isArray(altered) || typeof altered !== "object") continue;
      expect(Object.keys(altered ?? {})[0]).toBe("__proto__");
    }
  });

  test("differs in any place of it, some time", () => {
    const value = { term: 3, log: ["a", { n: true }], vote: null };
    const altered = new Set(
      Array.from({ length: 300 }, (_, i) => {
        const other = alter(value, Math.imul(i, 0x9e3779b1)) as Partial<typeof value>;
        if (other.term !== 3) return "term";
        if (other.vote !== null) return other.vote === undefined ? "cut short" : "vote";
        if (other.log?.[0] !== "a") return "first";
        return other.log.length === 2 ? "second" : "log";
      }),
    );
    expect(altered).toEqual(new Set(["term", "cut short", "vote", "first", "second", "log"]));
  });

  test("of a message keeps what it is, its number and whom it answers", () => {
    const envelope = { type: "vote", msg_id: 3, in_reply_to: 4 };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { minKeys: 1 }), word, (content, drawn) => {
        const body = { ...content, ...envelope };
        const altered = alterBody(body, drawn);
        const nothing = Object.keys(body).length === 3;
        if (nothing) expect(altered).toBeUndefined();
        else {
          expect(altered).toMatchObject(envelope);
          expect(jsonEquals(altered, body)).toBe(false);
        }
      }),
    );
    expect(alterBody(envelope, 1)).toBeUndefined();
  });
});

describe("half a write", () => {
  test("is the first half of what was to be there, and the rest of what was", () => {
    const cases: [fresh: Json, stale: Json | undefined, left: Json][] = [
      ["abcdef", "123456789", "abc456789"],
      ["abcdef", undefined, "abc"],
      ["abcdef", 7, "abc"],
      [
        [1, 2, 3, 4],
        [5, 6, 7],
        [1, 2, 7],
      ],
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
        { a: 1, b: 4 },
      ],
      [{ a: 1, b: 2 }, undefined, { a: 1 }],
      [{ only: ["x", "y"] }, undefined, { only: ["x"] }],
      [[["x", "y"]], [["z", "w"], 8], [["x", "w"], 8]],
      [7, 6, 6],
      [7, undefined, null],
      [[], [1], [1]],
    ];
    for (const [fresh, stale, left] of cases) expect(torn(fresh, stale)).toEqual(left);
  });

  test("is plain data", () => {
    fc.assert(
      fc.property(json, fc.option(json, { nil: undefined }), (fresh, stale) => {
        const left = torn(fresh, stale);
        expect(copyOf(left)).toEqual(left);
      }),
    );
  });
});
