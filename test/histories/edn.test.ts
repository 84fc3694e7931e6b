import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEdn, readEdn } from "../../histories/edn.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { histories } from "./arbitraries.js";

/** The events of a text, read with its file named h.edn. */
function read(text: string): HistoryEvent[] {
  return readEdn(text, { source: "h.edn" }).events;
}

/** The value that a register event has when it is spelled so. */
function meaningOf(spelling: string): Json {
  return read(`{:process 0 :type :invoke :f :put :value ${spelling}}`)[0]!.value;
}

test("events written as EDN and read back are the same events", () => {
  fc.assert(
    fc.property(histories, (events) => {
      expect(read(formatEdn(events))).toEqual(events);
    }),
    { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1000) },
  );
});

test("a keyed history is written as Jepsen's independent workloads write it", () => {
  const write = { time: 0, process: 0, f: "write", key: "x", value: 1 };
  const readOf = { time: 0, process: 1, f: "read", key: "x", value: null };
  const text = formatEdn([
    { index: 0, type: "invoke", ...write },
    { index: 1, type: "invoke", ...readOf, final: true },
    { index: 2, type: "info", ...readOf, process: "nemesis", f: "kill", value: { node: "n1" } },
  ]);
  expect(text.split("\n")).toEqual([
    '{:index 0 :time 0 :process 0 :type :invoke :f :write :value ["x" 1]}',
    '{:index 1 :time 0 :process 1 :type :invoke :f :read :value ["x" nil] :final? true}',
    '{:index 2 :time 0 :process :nemesis :type :info :f :kill :key "x" :value {:node "n1"}}',
    "",
  ]);
});

describe("the shape of the file", () => {
  const maps = [
    "{:process 0, :type :invoke, :f :write, :value 1}",
    "#jepsen.history.Op{:process 0 :type :ok :f :write :value 1 ; done\n}",
    "{:process :nemesis, :type :info, :f :start, :value nil}",
  ];
  const expected = [
    { index: 0, time: 0, process: 0, type: "invoke", f: "write", value: 1 },
    { index: 1, time: 1, process: 0, type: "ok", f: "write", value: 1 },
    { index: 2, time: 2, process: "nemesis", type: "info", f: "start", value: null },
  ];
  test.each([
    ["one map a line", maps.join("\n")],
    ["maps with nothing between them", maps.join("")],
    ["one vector", `; recorded today\n[${maps.join("\n")}]\n; the end`],
    ["one list", `(${maps.join(" ")})`],
    ["a tagged vector", `#jepsen.history.DenseHistory [${maps.join(",\n")}]`],
    ["a discarded map among them", `#_{:process 5} ${maps.join(" #_ #_ 1 {:a 1} ")}`],
    ["keys that are strings", maps.join("\n").replace(/:(process|f|value) /g, '"$1" ')],
  ])("%s", (_, text) => {
    expect(read(text)).toEqual(expected);
  });

  test("an empty vector holds no events", () => {
    expect(read("[]")).toEqual([]);
  });
});

describe("index and time", () => {
  test("a single missing time is that of the event before", () => {
    const [first, second] = read(
      "{:process 0 :type :invoke :f :read :value nil :time 40} {:process 0 :type :ok :f :read :value 1 :time nil}",
    );
    expect([first?.time, second?.time]).toEqual([40, 40]);
  });

  test("indexes with gaps are renumbered, and a warning says so", () => {
    const { events, warnings } = readEdn(
      "{:process 0 :type :invoke :f :read :index 4}\n{:process 0 :type :ok :f :read :value 1 :index 9}",
    );
    expect(events.map((event) => event.index)).toEqual([0, 1]);
    expect(warnings).toEqual([
      "line 1: indexes do not count from 0: events are numbered by position",
    ]);
  });

  test("wall nanoseconds are a number", () => {
    const [event] = read("{:process 0 :type :invoke :f :read :time 1700000000000000123}");
    expect(event?.time).toBe(Number("1700000000000000123"));
  });
});

test("other fields are kept, :final? is final, and what is not set is left out", () => {
  const [event] = read(
    "{:process 0 :type :info :f :read :error [:timeout 5] :final? true :node nil :clock-offsets {:n1 0.5}}",
  );
  expect(event).toEqual({
    index: 0,
    time: 0,
    process: 0,
    type: "info",
    f: "read",
    value: null,
    error: ["timeout", 5],
    final: true,
    "clock-offsets": { n1: 0.5 },
  });
});

describe("a value", () => {
  test.each<[string, Json]>([
    ["nil", null],
    ["true", true],
    [":a/b", "a/b"],
    ["foo/bar", "foo/bar"],
    ['"a\\n\\u00e9\\\\\\""', 'a\né\\"'],
    ["\\a", "a"],
    ["\\(", "("],
    ['\\"', '"'],
    ["[\\, \\; \\]]", [",", ";", "]"]],
    ["\\newline", "\n"],
    ["\\u00e9", "é"],
    ["(1 2)", [1, 2]],
    [
      "[[:append 3 1] [:r 3 [1]]]",
      [
        ["append", 3, 1],
        ["r", 3, [1]],
      ],
    ],
    ["#{3 10 1}", [1, 3, 10]],
    ["#{:b :a nil}", ["a", "b", null]],
    ['{:a 1, "b c" {2 3}}', { a: 1, "b c": { "2": 3 } }],
    ["{[1 2] 3}", { "[1,2]": 3 }],
    ["#:user{:name 1}", { name: 1 }],
    ['#inst "2020-01-01T00:00:00.123456-00:00"', "2020-01-01T00:00:00.123456-00:00"],
    ["#foo #bar [1 #_ 2 3]", [1, 3]],
    ["[1;2\n3]", [1, 3]],
    ["[a;b\nc]", ["a", "c"]],
    ['#object[Foo 0x5a "x"]', ["Foo", 90, "x"]],
    ["+5", 5],
    ["-0", 0],
    ["5N", 5],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993N", "-9007199254740993"],
    ["1.5", 1.5],
    ["1.", 1],
    ["-1.25E-03", -0.00125],
    ["1e400", "1e400"],
    ["0.1M", 0.1],
    ["0.12345678901234567890M", "0.12345678901234567890"],
    ["1/3", "1/3"],
    ["[##Inf ##NaN 1]", ["##Inf", "##NaN", 1]],
    ["__proto__", "__proto__"],
  ])("%s", (spelling, json) => {
    expect(meaningOf(spelling)).toEqual(json);
  });

  test("keeps an entry called __proto__ as an entry", () => {
    expect(Object.entries(meaningOf('{"__proto__" 1}') as object)).toEqual([["__proto__", 1]]);
  });
});

describe("malformed EDN is refused with its line", () => {
  const good = "{:process 0 :type :invoke :f :read :value nil}\n";
  test.each([
    [
      "a map that is not closed",
      "{:process 0",
      "h.edn:2: { is not closed: the text ends before its }",
    ],
    [
      "a vector that is not closed",
      "{:value [1 2}",
      "h.edn:2: } where ] must close the [ of line 2",
    ],
    ["a bracket too many", "]", "h.edn:2: ] without its opening bracket"],
    [
      "a string that is not closed",
      '{:value "abc}',
      'h.edn:2: a string is not closed: its " is missing',
    ],
    ["an unknown escape", '{:value "\\q"}', "h.edn:2: Unexpected escape character: \\q"],
    ["a key without a value", "{:process 0 :type}", "h.edn:2: a map whose last key has no value"],
    ["a value that was discarded", "{:process #_ 0}", "h.edn:2: a map whose last key has no value"],
    ["a tag without a form", "{:process #foo}", "h.edn:2: a # has no form after it"],
    ["a tag at the end", "#foo", "h.edn:2: a # has no form after it"],
    ["a lone colon", "{: 1}", "h.edn:2: a lone :: its name is missing"],
    ["a number that is none", "{:process 0x}", "h.edn:2: 0x is not a number"],
    ["an octal number", "{:process 017}", "h.edn:2: 017 is not a number"],
    ["an unknown character", "{:value \\foo}", "h.edn:2: \\foo is not a character"],
    ["a name used twice", '{:a 1 "a" 2}', 'h.edn:2: a map has two keys that read as "a"'],
    ["nesting without end", "[".repeat(600), "h.edn:2: more than 500 brackets nested"],
    [
      "an event that is a vector",
      "[:invoke 0]",
      "h.edn:2: an event must be a map such as {:process 0, :type :invoke, …}",
    ],
    [
      "an event that is a word",
      "invoke",
      "h.edn:2: an event must be a map such as {:process 0, :type :invoke, …}",
    ],
    [
      "an event without a type",
      "{:process 0 :f :read}",
      '"type" is missing: it must be invoke, ok, fail or info',
    ],
    [
      "a process that would be rounded",
      "{:process 9007199254740993 :type :ok :f :read}",
      "h.edn:2: process 9007199254740993 is too great: use small numbers",
    ],
    [
      "a fractional time",
      "{:process 0 :type :ok :f :read :time 0.5}",
      '"time" must be an integer of nanoseconds, not 0.5',
    ],
  ])("%s", (_, text, message) => {
    const refused = () => read(good + text);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^h\.edn:2: [^\n]*$/);
  });

  test("the line is that of the bracket, not that of the end", () => {
    expect(() => read(`[\n{:value\n"a\nb"\n[1\n`)).toThrow(/^h\.edn:5: \[ is not closed/);
  });

  test("text after the vector of events", () => {
    expect(() => read(`[${good}]\n{:a 1}`)).toThrow(/^h\.edn:3: text after the end of the vector/);
  });

  test("any cut inside of the text is refused, or yields a prefix of the events", () => {
    const text = good + good.replace("nil", '#{[1 "]}"] \\} :a}') + good;
    const whole = read(text);
    for (let length = 0; length < text.length; length++) {
      let events: HistoryEvent[] = [];
      try {
        events = read(text.slice(0, length));
      } catch (error) {
        expect((error as Error).message).toMatch(/^h\.edn:[123]: /);
      }
      expect(events).toEqual(whole.slice(0, events.length));
    }
  });
});
