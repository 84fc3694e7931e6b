import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatExact, parseExact } from "../../histories/exact-json.js";
import type { HistoryEvent } from "../../histories/history.js";
import { formatEvent, formatJsonl, jsonlReader, readJsonl } from "../../histories/jsonl.js";
import { histories } from "./arbitraries.js";

const LINE = '{"index":0,"time":5,"process":3,"type":"invoke","f":"write","key":"x","value":1}';

function readOne(line: string): HistoryEvent | undefined {
  return jsonlReader("h.jsonl")(line);
}

test("writing then reading gives the same events", () => {
  fc.assert(
    fc.property(histories, (events) => {
      const text = formatJsonl(events);
      expect(readJsonl(text.split("\n")).events).toEqual(events);
    }),
    { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 500) },
  );
});

test("fields are written in one order, the recorder's own last", () => {
  const event = { note: "n", node: "n1", value: [1], key: "x", final: true, error: "e", f: "read" };
  const line = formatEvent({ ...event, type: "ok", process: 0, time: 7, index: 0 } as HistoryEvent);
  expect(line).toBe(
    '{"index":0,"time":7,"process":0,"type":"ok","f":"read","key":"x","value":[1],"error":"e","final":true,"node":"n1","note":"n"}',
  );
});

describe("a line", () => {
  test("may be blank, or end as Windows ends lines", () => {
    expect(readOne("  ")).toBeUndefined();
    expect(readOne(`${LINE}\r`)).toMatchObject({ process: 3, value: 1 });
  });

  test("keeps fields that we do not know", () => {
    expect(readOne(LINE.replace("{", '{"exception":{"via":[]},'))).toMatchObject({
      exception: { via: [] },
    });
  });

  test("without a value has the value null, as a fence", () => {
    const fence = '{"index":0,"time":5,"process":3,"type":"invoke","f":"fence"}';
    expect(readOne(fence)?.value).toBeNull();
  });

  test("of a node may leave out index and time", () => {
    const read = jsonlReader();
    read(LINE);
    expect(read('{"process":"n1","type":"info","f":"leader","value":{"term":3}}')).toMatchObject({
      index: 1,
      time: 5,
    });
  });
});

describe("refused, with the line", () => {
  test.each([
    ["another type", '"invoke"', '"begin"', '"type" must be invoke, ok, fail or info, not "begin"'],
    [
      "a missing field",
      '"f":"write",',
      "",
      '"f" is missing: it must be the name of a function, such as read',
    ],
    [
      "a fractional process",
      '"process":3',
      '"process":3.5',
      '"process" must be an integer (a client) or a name (a node, the nemesis), not 3.5',
    ],
    [
      "a process that would be rounded",
      '"process":3',
      '"process":9007199254740993',
      '"process" must be an integer (a client) or a name (a node, the nemesis), not 9007199254740992',
    ],
    [
      "a negative index",
      '"index":0',
      '"index":-1',
      '"index" must be an integer counted from 0, not -1',
    ],
    [
      "a fractional time",
      '"time":5',
      '"time":5.5',
      '"time" must be an integer of nanoseconds, not 5.5',
    ],
    [
      "a final that is no boolean",
      '"value":1',
      '"value":1,"final":1',
      '"final" must be true or false, not 1',
    ],
  ])("%s", (_, from, to, message) => {
    expect(() => readOne(LINE.replace(from, to))).toThrow(
      new RegExp(`^${quoted(`h.jsonl:1: ${message}`)}$`),
    );
  });

  test.each(["[]", "7", "null", '"x"'])("%s in the place of an event", (text) => {
    expect(() => readOne(text)).toThrow(`h.jsonl:1: an event must be an object`);
  });

  test("a last line that was cut short, wherever the cut", () => {
    for (let length = 1; length < LINE.length; length++) {
      const lines = [LINE, "", LINE.slice(0, length)];
      expect(() => readJsonl(lines, "h.jsonl")).toThrow(
        /^h\.jsonl:3: the line stops in the middle of an event: the file was cut short/,
      );
    }
  });

  test("two objects on a line", () => {
    expect(() => readOne(LINE + LINE)).toThrow(/^h\.jsonl:1: not one JSON object on a line: /);
  });

  test("the line is that of the file, blank lines counted", () => {
    const recording = readJsonl(["", LINE, "", LINE.replace('"index":0', '"index":1')]);
    expect([0, 1].map(recording.lineOf)).toEqual([2, 4]);
  });
});

describe("numbers beyond a double", () => {
  test("stay different: they are read as their digits", () => {
    const line = LINE.replace(
      '"value":1',
      '"value":[9007199254740993,-1e999,12,"9007199254740993"]',
    );
    expect(readOne(line)?.value).toEqual(["9007199254740993", "-1e999", 12, "9007199254740993"]);
  });

  test("are rounded in a time, which keeps its order", () => {
    expect(readOne(LINE.replace('"time":5', '"time":1700000000000000123'))?.time).toBe(
      Number("1700000000000000123"),
    );
  });

  test("any JSON value survives", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // Through JSON once, which has no -0.
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(parseExact(formatExact(value)).exact).toEqual(plain);
      }),
    );
  });

  test("an integer is a number exactly when it is one to JavaScript", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), (integer) => {
        const expected =
          BigInt(Number(integer)) === integer && Number.isSafeInteger(Number(integer));
        expect(parseExact(`[${integer}]`).exact).toEqual([
          expected ? Number(integer) : `${integer}`,
        ]);
      }),
    );
  });
});

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
