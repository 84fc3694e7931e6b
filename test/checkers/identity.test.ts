import fc from "fast-check";
import { expect, it } from "vitest";
import { identity } from "../../checkers/identity.js";
import { canonical, type Json } from "../../src/base/json.js";

it("is the same for equal values, and for no others", () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<Json[]>(
      1,
      "1",
      "\x01",
      [1],
      "[1]",
      "\0[1]",
      '\0"\\u0000[1]"',
      null,
      "null",
      "\0null",
      true,
      "true",
    ),
  );
  fc.assert(
    fc.property(value, value, (left, right) => {
      const [a, b] = [left, right] as Json[];
      expect(identity(a!) === identity(b!)).toBe(canonical(a) === canonical(b));
    }),
    { numRuns: 500 },
  );
});
