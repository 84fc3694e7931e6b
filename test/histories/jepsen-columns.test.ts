import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEdn } from "../../histories/edn.js";
import type { HistoryFormat } from "../../histories/format.js";
import { EdnColumns, JepsenLogColumns } from "../../histories/jepsen-columns.js";
import { readHistoryText } from "../../histories/read.js";
import { readColumnsText } from "../../histories/read-columns.js";
import type { Keyed } from "../../histories/tuples.js";
import { cuts, outcomeOf, pieces, plain, told, toldBy } from "./agreement.js";
import { histories } from "./arbitraries.js";

const RUNS = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 600);

function asEvents(text: string, format: HistoryFormat, keyed: Keyed) {
  const { history, warnings } = readHistoryText(text, { file: "h", format, keyed });
  return { ...told(history), warnings };
}

function asColumns(text: string, format: HistoryFormat, keyed: Keyed) {
  const { columns, warnings } = readColumnsText(text, { file: "h", format, keyed });
  return { ...toldBy(columns), warnings };
}

/** True when the text is a history; refused texts must be refused, for whichever of their faults. */
function expectAgreement(text: string, format: HistoryFormat, keyed: Keyed = "auto"): boolean {
  const expected = outcomeOf(() => asEvents(text, format, keyed));
  const got = outcomeOf(() => asColumns(text, format, keyed));
  if (typeof expected !== "string") expect(got).toEqual(expected);
  else expect(got).toMatch(/^h(?::\d+)?: [^\n]+$/);
  return typeof expected !== "string";
}

const keyings = fc.constantFrom<Keyed>("auto", "auto", "auto", true, false);

/** The line that a message names; none comes after all lines. */
function lineOf(outcome: unknown): number {
  return typeof outcome === "string" ? Number(/^h:(\d+): /.exec(outcome)?.[1]) : Infinity;
}

/** One client event, or an observation, in spellings usual and not. */
const SPELLINGS = [
  ...["1", "-1", "-0", "007", "1.5", "9007199254740993", ":a/b", ":a#b", ":", "sym", "\\a"],
  ...["true", "false", "nile", '"a\\nb"', '"more than twelve"', '"é"', '"open', "(:x nil)"],
  ...["[nilnil]", "[1-1]", "[:a:b]", '["a"1]', "[truefalse nil]", "[:a[1]]", ":a:b", "nil1"],
  ...["#{2 1}", "{:a 1}", "[]", "[1]", "[1,2]", "[1 [2 nil]]", "[[1 2] nil]", "[1 2 3]", "[1"],
  ...["#jepsen.independent/tuple [:x 1]", "#foo [:x nil]", "#MapEntry[:y nil]", "#_ 1 2", ";\n3"],
  `${"[".repeat(20)}${"]".repeat(20)}`,
];
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("[:x nil]", "[:x 1]", '["x" 2]', "[:y [1 2]]", "nil") },
  fc.constantFrom(...SPELLINGS),
);
const step = fc.record({
  slot: fc.nat(2),
  f: fc.constantFrom("read", "read", "write", "cas", "add", "fence"),
  value,
  outcome: fc.constantFrom("ok", "ok", "ok", "fail", "info"),
  repeats: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  time: fc.constantFrom("", "", "", ":time 5 ", ":time nil ", ":time 1700000000000000123 "),
  index: fc.constantFrom("", "", "", ":index 0 ", ":index -1 ", ":index nil "),
  extra: fc.constantFrom(
    ...["", "", "", "", "", "", ":error :timeout ", ':error [:a "b"] ', ':key "x" ', ":key nil "],
    ...[":final? true ", ":node nil ", ":note {:a 1} ", ":process 0 ", "\n", ", ,"],
  ),
  around: fc.constantFrom(
    "",
    "",
    "",
    "",
    "\n",
    "#jepsen.history.Op",
    "#_{:a 1} ",
    "; note\n",
    "#x ",
  ),
});
const spelled = fc
  .record({ steps: fc.array(step, { maxLength: 14 }), vector: fc.boolean(), sound: fc.boolean() })
  .map(({ steps, vector, sound }) => {
    const open = new Map<number, { f: string; value: string }>();
    const processes = [0, 1, 2];
    let text = vector ? "[" : "";
    for (const one of steps) {
      const process = processes[one.slot]!;
      const invocation = open.get(process);
      const type = invocation ? one.outcome : "invoke";
      const f = sound && invocation ? invocation.f : one.f;
      const said = one.repeats && invocation ? invocation.value : one.value;
      if (invocation) open.delete(process);
      else open.set(process, { f, value: said });
      if (type === "info") processes[one.slot] = process + 3;
      text += `${one.around}{:process ${process}, :type :${type}, :f :${f}, :value ${said} ${one.time}${one.extra}${one.index}}\n`;
    }
    return vector ? `${text}]` : text;
  });

describe("columns of EDN agree with its events", () => {
  test("for what we write", () => {
    fc.assert(
      fc.property(histories, keyings, fc.boolean(), (events, keyed, isPlain) => {
        fc.pre(events.length > 0);
        const text = formatEdn(isPlain ? plain(events) : events);
        expect(expectAgreement(text, "edn", keyed) || keyed === true).toBe(true);
      }),
      { numRuns: RUNS / 2 },
    );
  });

  test("for every spelling, and every way of having keys", () => {
    let read = 0;
    fc.assert(
      fc.property(spelled, keyings, (text, keyed) => {
        if (expectAgreement(text, "edn", keyed)) read += 1;
      }),
      { numRuns: 3 * RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 10);
  });

  test("wherever the text is cut", () => {
    fc.assert(
      fc.property(spelled, cuts, (text, places) => {
        const read = (parts: readonly string[]) => {
          const reader = new EdnColumns({ source: "h" });
          for (const part of parts) reader.push(part);
          const warnings = reader.end();
          const { builder, lineOf } = reader;
          const lines = Array.from({ length: builder.eventCount }, (_, i) => lineOf(i));
          return { ...toldBy(builder.snapshot()), lines, warnings };
        };
        const whole = outcomeOf(() => read([text]));
        expect(outcomeOf(() => read(pieces(text, places)))).toEqual(whole);
        expect(outcomeOf(() => read([...text]))).toEqual(whole);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test("for any damage to one character, in the same words", () => {
    const text = `{:process 0, :type :invoke, :f :cas, :value ["x" [1 2]], :time 10, :index 0}
{:process 1, :type :invoke, :f :read, :value ["x" nil], :time 11, :index 1}
{:process 0, :type :ok, :f :cas, :value ["x" [1 2]], :time 12, :index 2}
{:process 1, :type :info, :f :read, :value ["x" nil], :time 13, :index 3, :error :timeout}
`;
    for (let i = 0; i < text.length; i++) {
      for (const other of ["", "\n", '"', "0", " ", "}", "[", "#", ":", "\\", text[i]!.repeat(2)]) {
        const damaged = text.slice(0, i) + other + text.slice(i + 1);
        const expected = outcomeOf(() => asEvents(damaged, "edn", "auto"));
        const got = outcomeOf(() => asColumns(damaged, "edn", "auto"));
        // Of several faults, such as those of a map that ends early, columns name the first.
        if (other !== "}" && lineOf(got) === lineOf(expected)) expect(got).toEqual(expected);
        else expect(lineOf(got)).toBeLessThanOrEqual(lineOf(expected));
      }
    }
  });
});

test("a file whose first times are missing has 0 there, and positions when all are", () => {
  const event = (process: number, type: string, time: string) =>
    `{:process ${process} :type :${type} :f :read :value nil ${time}}\n`;
  const start = event(0, "invoke", "") + event(0, "ok", "") + event(1, "invoke", "");
  for (const end of ["", event(1, "ok", ":time 7"), event(1, "ok", ":time -7")]) {
    expect(expectAgreement(start + end, "edn")).toBe(true);
  }
});

test("one value at a time, so that no other fault hides it", () => {
  const start =
    "{:process 3 :type :invoke :f :write :value 1}\n{:process 0 :type :invoke :f :write ";
  for (const spelling of SPELLINGS) {
    for (const keyed of ["auto", false] as const) {
      expectAgreement(`${start}:value ${spelling}}\n`, "edn", keyed);
      expectAgreement(`${start}:key ${spelling}}\n`, "edn", keyed);
    }
  }
});

test("a vector after maps is no vector of events", () => {
  const map = "{:process 0 :type :invoke :f :write :value 1}\n";
  const other = map.replace("0", "1");
  expect(outcomeOf(() => asColumns(`${map}${other}[${other}]`, "edn", "auto"))).toBe(
    "h:3: an event must be a map such as {:process 0, :type :invoke, …}",
  );
});

test("what a fence says is no tuple of the operation before it", () => {
  const event = (type: string, f: string, value: string) =>
    `{:process 0 :type :${type} :f :${f} :value ${value}}\n`;
  const read = event("invoke", "read", "[:x nil]") + event("ok", "read", "[:x 1]");
  const fence = event("invoke", "fence", "nil") + event("info", "fence", "[:x 2]");
  expect(expectAgreement(read + fence, "edn", true)).toBe(true);
  expect(expectAgreement(read + fence, "edn", "auto")).toBe(true);
});

test("a completion whose tag names another key is refused at its line", () => {
  const text = `{:process 0 :type :invoke :f :read :value #independent/tuple [:x nil]}
{:process 1 :type :invoke :f :read :value nil}
{:process 0 :type :ok :f :read :value #independent/tuple [:y 1]}
{:process 1 :type :ok :f :read :value 3}
`;
  const message =
    'h:3: process 0 completes read of line 1 with key "y", but it was invoked with "x"';
  expect(outcomeOf(() => asColumns(text, "edn", "auto"))).toBe(message);
  expect(outcomeOf(() => asEvents(text, "edn", "auto"))).toBe(message);
  // Where fields hold the keys, tags hold none.
  const fields = `${text}{:process 2 :type :invoke :f :read :value nil :key 1}\n`;
  expect(expectAgreement(fields, "edn")).toBe(true);
});

describe("columns of a log agree with its events", () => {
  const log = fc.array(
    fc.oneof(
      fc.record({
        process: fc.constantFrom("0", "1", ":nemesis"),
        type: fc.constantFrom("invoke", "invoke", "ok", "ok", "info", "fail"),
        f: fc.constantFrom("read", "read", "write"),
        value: fc.constantFrom("nil", "nil", "1", "[:x nil]", "[:x 1]", ":timed-out", "1 :err", ""),
      }),
      fc.constantFrom("Starting", "", "3 :inv"),
    ),
    { maxLength: 8 },
  );

  test("cut anywhere", () => {
    let read = 0;
    fc.assert(
      fc.property(log, keyings, cuts, (lines, keyed, places) => {
        const text = lines
          .map((one) =>
            typeof one === "string" ? one : `${one.process}\t:${one.type}\t:${one.f}\t${one.value}`,
          )
          .join("\n");
        if (expectAgreement(text, "jepsen-log", keyed)) read += 1;
        const cut = (parts: readonly string[]) => {
          const reader = new JepsenLogColumns({ source: "h", keyed });
          for (const part of parts) reader.push(part);
          return { warnings: reader.end(), ...toldBy(reader.builder.snapshot()) };
        };
        const whole = outcomeOf(() => cut([text]));
        expect(outcomeOf(() => cut(pieces(text, places)))).toEqual(whole);
      }),
      { numRuns: RUNS },
    );
    expect(read).toBeGreaterThan(RUNS / 50);
  });
});
