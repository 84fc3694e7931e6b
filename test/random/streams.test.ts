import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";

const seed = fc.nat(Number.MAX_SAFE_INTEGER);
const purpose = fc.string({ maxLength: 12 });
const indexes = fc.array(fc.nat(1_000_000), { maxLength: 3 });

/** The first draws of a stream, long enough that no two streams share them by chance. */
function draws(of: number, about: string, ...at: number[]): string {
  const random = new Streams(of).stream(about, ...at);
  return Array.from({ length: 4 }, () => random.word()).join(" ");
}

describe("streams", () => {
  test("of one seed, purpose and indexes give the same draws, whatever was drawn before", () => {
    fc.assert(
      fc.property(seed, purpose, indexes, (of, about, at) => {
        const streams = new Streams(of);
        streams.stream("another").word();
        const random = streams.stream(about, ...at);
        const again = Array.from({ length: 4 }, () => random.word()).join(" ");
        expect(again).toBe(draws(of, about, ...at));
        expect(streams.key(about, ...at)).toBe(new Streams(of).key(about, ...at));
      }),
    );
  });

  test("are the same for ever: changing these values breaks every saved case", () => {
    expect({
      zero: draws(0, "link/n1/n2"),
      one: draws(1, "link/n1/n2"),
      large: draws(Number.MAX_SAFE_INTEGER, "operation", 299),
      key: new Streams(1).key("order"),
    }).toMatchInlineSnapshot(`
      {
        "key": -278134493,
        "large": "-1109093468 -248249380 -1119885441 -1417646232",
        "one": "917856500 -1516768243 -1255612947 772595434",
        "zero": "2031916576 -159944454 1900479073 1395534128",
      }
    `);
  });

  test("differ as soon as the seed, the purpose or an index differs", () => {
    const about = ["a", "b", "ab", "link/n1/n2", "link/n2/n1", ""];
    const at = [[], [0], [1], [0, 0], [0, 1], [1, 0], [-1]];
    const all = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1].flatMap((of) =>
      about.flatMap((name) => at.map((index) => draws(of, name, ...index))),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});
