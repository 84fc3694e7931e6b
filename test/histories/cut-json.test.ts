/** Which texts are beginnings of a JSON value, and which are something else. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { isCutJson } from "../../histories/cut-json.js";

const events = fc.record({ index: fc.nat(), value: fc.jsonValue() });

test("whatever is cut off an object, the rest is a beginning of one", () => {
  fc.assert(
    fc.property(events, fc.constantFrom(0, 2), (event, indent) => {
      const text = JSON.stringify(event, null, indent);
      for (let end = 1; end < text.length; end++) {
        expect(isCutJson(text.slice(0, end)), text.slice(0, end)).toBe(true);
      }
      expect(isCutJson(text)).toBe(false);
    }),
  );
});

test.each([
  "",
  "1",
  '{"a":1}}',
  '{"a":1}{',
  '{"a" 1',
  '{"a":,',
  "{1",
  "{,",
  '{"a":1,,',
  '{"a":1 "b"',
  '{"a":[1}',
  '{"a":trux',
  '{"a":1.x',
  '{"a":"b"c',
  '{"a":nil',
  "{:a",
])("%s is none", (text) => {
  expect(isCutJson(text)).toBe(false);
});
