import { describe, expect, test } from "vitest";
import { readEdn } from "../../histories/edn.js";
import type { Keyed } from "../../histories/tuples.js";

/** `0 invoke read [:x nil]` → key and value of each event, as [key, value]. */
function read(lines: string[], keyed: Keyed = "auto") {
  const text = lines.map((line) => {
    const [, process, type, f, value] = /^(\S+) (\S+) (\S+) (.*)$/.exec(line)!;
    return `{:process ${process} :type :${type} :f :${f} :value ${value}}\n`;
  });
  const { events, warnings } = readEdn(text.join(""), { source: "h.edn", keyed });
  return { pairs: events.map((event) => [event.key, event.value]), warnings };
}

const KEYED = [
  "0 invoke write [:x 1]",
  "1 invoke read [:x nil]",
  "0 ok write [:x 1]",
  "1 ok read [:x [1 2]]",
  "0 invoke cas [:y [1 2]]",
  "0 fail cas [:y [1 2]]",
];

test("a keyed history gives its keys", () => {
  expect(read(KEYED).pairs).toEqual([
    ["x", 1],
    ["x", null],
    ["x", 1],
    ["x", [1, 2]],
    ["y", [1, 2]],
    ["y", [1, 2]],
  ]);
});

describe("taken as unkeyed", () => {
  test.each([
    ["a cas of two values", ["0 invoke cas [1 2]", "0 ok cas [1 2]"]],
    [
      "writes of pairs, read by a read of nil",
      ["0 invoke write [1 2]", "0 ok write [1 2]", "1 invoke read nil", "1 ok read [1 2]"],
    ],
    ["writes of pairs alone", ["0 invoke write [1 nil]", "0 ok write [1 nil]"]],
    [
      "a transaction of two steps",
      ["0 invoke txn [[:r 1 nil] [:append 1 2]]", "0 ok txn [[:r 1 []] [:append 1 2]]"],
    ],
    [
      "reads of two keys at once",
      ["0 invoke read [[:r 1 nil] [:r 2 nil]]", "0 ok read [[:r 1 3] [:r 2 4]]"],
    ],
    ["a list of two", ["0 invoke read (:x nil)", "0 ok read (:x 1)"]],
  ])("%s", (_, lines) => {
    const { pairs, warnings } = read(lines);
    expect(pairs.map(([key]) => key)).toEqual(lines.map(() => undefined));
    expect(warnings).toEqual([]);
  });

  test("a [k nil] read among operations without keys, with a warning", () => {
    const { pairs, warnings } = read(["0 invoke read [:x nil]", "1 invoke add 3"]);
    expect(pairs).toEqual([
      [undefined, ["x", null]],
      [undefined, 3],
    ]);
    expect(warnings).toEqual([
      "h.edn:1: a read is invoked with a [key nil] tuple, but not every operation has a key: all values are taken as they stand",
    ]);
  });

  test("completions that repeat another first element than their invocation", () => {
    expect(read(["0 invoke read [:x nil]", "0 ok read [:y 1]"]).pairs[1]).toEqual([
      undefined,
      ["y", 1],
    ]);
  });
});

describe("in a keyed history", () => {
  test("a completion without a tuple leaves key and value as they stand", () => {
    const lines = [
      ...KEYED,
      "2 invoke read [:x nil]",
      "2 info read :timed-out",
      "3 invoke write [:y 2]",
      "3 ok write nil",
    ];
    expect(read(lines).pairs.slice(-3)).toEqual([
      [undefined, "timed-out"],
      ["y", 2],
      [undefined, null],
    ]);
  });

  test("a fence has no key", () => {
    expect(read([...KEYED, "2 invoke fence nil"]).pairs.at(-1)).toEqual([undefined, null]);
  });

  test("what the nemesis says is never a tuple", () => {
    expect(read([...KEYED, ":nemesis info start [:n1 nil]"]).pairs.at(-1)).toEqual([
      undefined,
      ["n1", null],
    ]);
  });

  test("a mutex per key is keyed by its [k nil]", () => {
    expect(read(["0 invoke acquire [3 nil]", "0 ok acquire [3 nil]"]).pairs).toEqual([
      [3, null],
      [3, null],
    ]);
  });
});

describe("said so", () => {
  test("by a tag on a tuple: the tagged ones are keyed", () => {
    const lines = ["0 invoke write #jepsen.independent/tuple [:x 1]", "1 invoke write [3 4]"];
    expect(read(lines).pairs).toEqual([
      ["x", 1],
      [undefined, [3, 4]],
    ]);
  });

  test("by :key fields: vectors are values", () => {
    const { events } = readEdn('{:process 0 :type :invoke :f :read :key "x" :value [1 nil]}');
    expect(events[0]).toMatchObject({ key: "x", value: [1, null] });
  });

  test("by the caller", () => {
    const lines = ["0 invoke write [:x 1]", "0 ok write [:x 1]"];
    expect(read(lines, true).pairs).toEqual([
      ["x", 1],
      ["x", 1],
    ]);
    expect(read(KEYED, false).pairs[0]).toEqual([undefined, ["x", 1]]);
  });

  test("by the caller, who is contradicted by a value that is no tuple", () => {
    expect(() => read(["0 invoke write 5"], true)).toThrow(
      "h.edn:1: a keyed history needs [key value] here, not 5: read it as unkeyed",
    );
  });
});
