import { describe, expect, test } from "vitest";
import { readJepsenLog } from "../../histories/jepsen-log.js";
import { toHistory } from "../../histories/pairing.js";

/** A log whose columns are set apart by tabs, after the logger's prefix. */
function log(...lines: string[]): string {
  return lines.map((line) => `INFO  jepsen.util - ${line.replace(/ (?=:)/g, "\t")}\n`).join("");
}

const LOG = log(
  "0 :invoke :read\tnil",
  "1 :invoke :write\t4",
  "0 :ok :read\t3",
  "0 :invoke :cas\t[3 1]",
  "1 :info :write :timed-out",
  "0 :fail :cas\t[3 1]",
  "2 :invoke :read\tnil",
  "2 :fail :read :timed-out",
);

test("process, type, function and value are read; times are positions", () => {
  const { events } = readJepsenLog(LOG);
  expect(events.slice(0, 4)).toEqual([
    { index: 0, time: 0, process: 0, type: "invoke", f: "read", value: null },
    { index: 1, time: 1, process: 1, type: "invoke", f: "write", value: 4 },
    { index: 2, time: 2, process: 0, type: "ok", f: "read", value: 3 },
    { index: 3, time: 3, process: 0, type: "invoke", f: "cas", value: [3, 1] },
  ]);
});

test(":timed-out is an error, and the value is that of the invocation", () => {
  const { operations } = toHistory(readJepsenLog(LOG).events);
  expect(operations[1]).toMatchObject({ outcome: "info", output: 4, error: "timed-out" });
  expect(operations[3]).toMatchObject({ outcome: "fail", output: null, error: "timed-out" });
});

test(":timed-out that a read returned is a value", () => {
  const { events } = readJepsenLog(log("0 :invoke :read\tnil", "0 :ok :read :timed-out"));
  expect(events[1]).toMatchObject({ value: "timed-out" });
  expect(events[1]).not.toHaveProperty("error");
});

describe("the same operations come out", () => {
  const expected = readJepsenLog(LOG).events;
  test.each([
    ["with spaces for tabs", LOG.replaceAll("\t", "   ")],
    ["without the logger's prefix", LOG.replaceAll("INFO  jepsen.util - ", "")],
    [
      "with the prefix of later versions",
      LOG.replaceAll(
        "INFO  jepsen.util -",
        "2024-05-01 10:00:00,123{GMT}\tINFO\t[jepsen worker 1] jepsen.util:",
      ),
    ],
    ["with the line ends of Windows", LOG.replaceAll("\n", "\r\n")],
  ])("%s", (_, text) => {
    expect(readJepsenLog(text).events).toEqual(expected);
  });
});

test("other lines are passed over, and do not shift the line numbers", () => {
  const text = `INFO  jepsen.core - Running test\n\nWARN  oops :invoke :read\n${LOG}`;
  const { events, lineOf } = readJepsenLog(text);
  expect(events).toHaveLength(8);
  expect(lineOf(0)).toBe(4);
});

describe("the nemesis", () => {
  test.each([
    ["nil", null],
    ['"Cut off {:n1 #{:n2}}"', "Cut off {:n1 #{:n2}}"],
    ["{:n1 #{:n2}}", { n1: ["n2"] }],
    ["Cut off {:n1 #{:n2}}", "Cut off {:n1 #{:n2}}"],
    ["partitioned} at noon", "partitioned} at noon"],
  ])("is observed: %s", (column, value) => {
    const [event] = readJepsenLog(log(`:nemesis :info :start\t${column}`)).events;
    expect(event).toMatchObject({ process: "nemesis", type: "info", f: "start", value });
  });
});

test.each([
  [":timeout", "timeout"],
  ['[:http 503] "slow"', [["http", 503], "slow"]],
  ["java.lang.Exception: (", "3 java.lang.Exception: ("],
])("a column after the value is the error: %s", (column, error) => {
  const { events } = readJepsenLog(log("0 :invoke :write\t3", `0 :info :write\t3\t${column}`));
  expect(events[1]).toMatchObject({ value: 3 });
  expect(JSON.stringify(events[1]?.error).replace("\\t", " ")).toBe(JSON.stringify(error));
});

test("[k nil] values of a keyed history give their keys", () => {
  const { events } = readJepsenLog(log("0 :invoke :read\t[7 nil]", "0 :ok :read\t[7 1]"));
  expect(events).toMatchObject([
    { key: 7, value: null },
    { key: 7, value: 1 },
  ]);
});

describe("a line that was cut short", () => {
  test.each([
    "0",
    "0 :",
    "0 :ok",
    "0 :ok :read",
    "0 :ok :read\t",
    "0 :ok :cas\t[1",
    '0 :ok :read\t"a',
    "0 :okk :read\t1",
  ])("is refused: %s", (line) => {
    const text = log("0 :invoke :read\tnil", line);
    expect(() => readJepsenLog(text, { source: "j.log" })).toThrow(/^j\.log:2: [^\n]*$/);
  });

  test("cannot be told from a short value: a warning says so", () => {
    expect(readJepsenLog(LOG.trimEnd(), { source: "j.log" }).warnings).toEqual([
      "j.log: the last line has no line end: its value may be cut short",
    ]);
    expect(readJepsenLog(LOG).warnings).toEqual([]);
  });
});
