import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { formatEvent, formatJsonl, jsonlReader } from "../../histories/jsonl.js";
import { JsonlColumns } from "../../histories/jsonl-columns.js";
import { toHistory } from "../../histories/pairing.js";
import { UsualJson } from "../../histories/usual-json.js";
import { ValueTable } from "../../histories/values.js";
import { cuts, outcomeOf, pieces, plain, readLineOf, told, toldBy } from "./agreement.js";
import { histories } from "./arbitraries.js";

const RUNS = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1000);

/** What the careful reader and the pairing make of a text, told of the first fault in the file. */
function carefully(text: string) {
  const read = jsonlReader("h");
  const events: HistoryEvent[] = [];
  const lines: number[] = [];
  const pair = () => toHistory(events, { source: "h", lineOf: (position) => lines[position]! });
  const all = text.split("\n");
  for (const [i, line] of all.entries()) {
    const event = outcomeOf(() => readLineOf(all, i, () => read(line)));
    if (typeof event === "string") {
      pair();
      return event;
    }
    if (event === undefined) continue;
    events.push(event);
    lines.push(i + 1);
  }
  return { ...told(pair()), lines };
}

function quickly(parts: readonly string[]) {
  const reader = new JsonlColumns("h");
  for (const part of parts) reader.push(part);
  reader.end();
  const { eventCount } = reader.builder;
  const lines = Array.from({ length: eventCount }, (_, position) => reader.lineOf(position));
  return { ...toldBy(reader.builder.snapshot()), lines };
}

function expectAgreement(text: string, places: readonly number[]): boolean {
  const expected = outcomeOf(() => carefully(text));
  expect(outcomeOf(() => quickly(pieces(text, places)))).toEqual(expected);
  return typeof expected !== "string";
}

describe("the quick reader and the careful one agree", () => {
  test("on what we write, cut anywhere", () => {
    fc.assert(
      fc.property(histories, cuts, fc.boolean(), (events, places, isPlain) => {
        const text = formatJsonl(isPlain ? plain(events) : events);
        expect(expectAgreement(text, places)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test("on observations that leave out index and time", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const text = formatJsonl(plain(events));
        const short = text.replaceAll(/"index":\d+,"time":\d+,(?="process":")/g, "");
        expect(expectAgreement(short, [])).toBe(true);
      }),
    );
  });

  /** Spellings that JSON knows beside the usual one, and some that it does not. */
  const values = fc.oneof(
    fc.constantFrom(
      ..."null true false 0 -0 -1 7 00 01 -01 1.5 1. .5 1e3 1E+2 1e999 - + NaN nul nulls".split(
        " ",
      ),
      ..."999999999999999 1000000000000000 9007199254740993 -9007199254740993 123456789012345678901".split(
        " ",
      ),
      ...'[] [1] [1,2] [1,2,] [,1] [1 2] [[]] [[1,[2]],"a"] [1,2.5] {} {"a":1} {"a":1 {"b":[1],"a":2}'.split(
        " ",
      ),
      '"a"',
      '"a string of more than twelve"',
      '"a\\nb"',
      '"\\u0041\\ud83d\\ude00"',
      '"é€😀\u2028"',
      '"a\tb"',
      '"unclosed',
      '""',
      ' 1 , "x" : 2',
      `${"[".repeat(20)}${"]".repeat(20)}`,
    ),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  const integers = fc.oneof(
    fc.nat(20).map(String),
    fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
    fc.constantFrom("-0", "00", "1.0", "1e2", "01", '"0"', "null", "1600000000000000123"),
  );
  const line = fc.record({
    time: fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 1, arbitrary: integers }),
    process: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom("0", "1", "2") },
      { weight: 1, arbitrary: fc.oneof(integers, fc.constant('"n1"')) },
    ),
    f: fc.constantFrom("read", "read", "write", "", 'a\\"b', 'a"b', "é", "a\\u0041"),
    type: fc.constantFrom("invoke", "invoke", "ok", "ok", "fail", "info", "begin", "infos", "o"),
    key: fc.option(values, { nil: "" }),
    value: fc.option(values, { nil: "" }),
    tail: fc.constantFrom(
      ...'|,"error":"e"|,"final":true|,"note":{"a":1}|,"value":3|,"index":0|,|}'.split("|"),
    ),
    observes: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    end: fc.constantFrom("", "", "", "\r", " ", "\n", "\n\n \n", "x"),
  });
  const spelled = fc.array(line, { maxLength: 6 }).map((lines) => {
    let text = "";
    let index = 0;
    for (const one of lines) {
      if (one.observes) {
        text += '{"process":"n1","type":"info","f":"leader"}\n';
        index += 1;
      }
      const key = one.key === "" ? "" : `,"key":${one.key}`;
      const value = one.value === "" ? "" : `,"value":${one.value}`;
      text += `{"index":${index},"time":${one.time || index},"process":${one.process},"type":"${one.type}","f":"${one.f}"${key}${value}${one.tail}}${one.end}\n`;
      index += 1;
    }
    return text;
  });

  test("on every spelling of a value, a field and a line end", () => {
    let accepted = 0;
    fc.assert(
      fc.property(spelled, cuts, (text, places) => {
        if (expectAgreement(text, places)) accepted += 1;
      }),
      { numRuns: 3 * RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 10);
  });

  /** The quick reader leaves the first line with a function's name to the careful one. */
  const FIRST = '{"index":0,"time":0,"process":3,"type":"invoke","f":"read"}\n';

  test("on one value at a time, so that no other fault hides it", () => {
    fc.assert(
      fc.property(values, (value) => {
        const start = '{"index":1,"time":5,"process":0,"type":"invoke","f":"read"';
        expectAgreement(`${FIRST}${start},"value":${value}}\n`, []);
        expectAgreement(`${FIRST}${start},"key":${value},"value":1}\n`, []);
      }),
      { numRuns: RUNS },
    );
  });

  test("on one index, time or process at a time", () => {
    fc.assert(
      fc.property(integers, fc.constantFrom("index", "time", "process"), (integer, field) => {
        const second = '{"index":1,"time":5,"process":0,"type":"invoke","f":"read"}\n';
        const spelled = second.replace(new RegExp(`("${field}":)\\d`), `$1${integer}`);
        expectAgreement(FIRST + spelled, []);
      }),
      { numRuns: RUNS },
    );
  });

  test("on any damage to one character", () => {
    const text = formatJsonl([
      { index: 0, time: 10, process: 0, type: "invoke", f: "cas", key: "x", value: [1, 2] },
      { index: 1, time: 11, process: 1, type: "invoke", f: "write", key: "x", value: "é" },
      { index: 2, time: 12, process: 0, type: "ok", f: "cas", key: "x", value: [1, 2] },
      { index: 3, time: 13, process: 1, type: "ok", f: "write", key: "x", value: true },
    ]);
    for (let i = 0; i < text.length; i++) {
      for (const other of ["", "\n", '"', "0", " ", "}", ",", "\\", text[i]!.repeat(2)]) {
        expectAgreement(text.slice(0, i) + other + text.slice(i + 1), [i]);
      }
      expectAgreement(text.slice(0, i), [i / 2]);
    }
  });
});

test("wall nanoseconds are the nearest double", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10n ** 9n, max: 10n ** 20n }), (time) => {
      const event = { index: 0, process: 0, type: "invoke", f: "read", value: null } as const;
      const text = formatEvent({ ...event, time: 7 });
      const reader = new JsonlColumns();
      reader.push(
        `${text}\n${text.replace('"index":0', '"index":1').replace('"time":7', `"time":${time}`).replace('"process":0', '"process":1')}\n`,
      );
      expect(reader.builder.snapshot().invokedAt[1]).toBe(Number(time));
    }),
  );
});

test("times of any length are read without care, seconds and minutes after 0 among them", () => {
  const reader = new UsualJson(new ValueTable(), ["read"]);
  const isUsual = (time: string): boolean => {
    const text = `{"index":0,"time":${time},"process":0,"type":"invoke","f":"read","value":null}`;
    return reader.read(text, 0, text.length) && reader.event.time === Number(time);
  };
  const times = Array.from({ length: 18 }, (_, digits) =>
    ["1", "46", "99"].map((high) => high.padEnd(digits + 2, "3")),
  );
  expect(times.flat().filter((time) => time.length <= 18 && !isUsual(time))).toEqual([]);
  expect(isUsual("1763745600123456789")).toBe(true);
});
