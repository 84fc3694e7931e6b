/** Histories as Jepsen's tests write them, from their text to the verdict. */

import { describe, expect, it } from "vitest";
import { checkers } from "../../checkers/index.js";
import { readHistoryText } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";

/** One operation a line: process, f, invoked value, completion type, completed value. */
function judge(name: string, lines: readonly string[], init?: Json) {
  const events = lines.flatMap((line) => {
    const [process, f, invoked, type, completed = invoked] = line.split(" | ");
    return [
      `:process ${process}, :type :invoke, :f :${f}, :value ${invoked}`,
      `:process ${process}, :type :${type}, :f :${f}, :value ${completed}`,
    ];
  });
  const text = events.map((event, i) => `{${event}, :index ${i}, :time ${i * 10}}`).join("\n");
  const { history } = readHistoryText(text, { file: `${name}.edn`, format: "edn" });
  const { valid, anomalies } = checkers
    .get(name)!
    .check(history, init === undefined ? {} : { init });
  return { valid, types: anomalies.map(({ type }) => type) };
}

describe("Jepsen's histories", () => {
  it("of a bank", () => {
    const transfer = "0 | transfer | {:from 0, :to 1, :amount 5} | ok";
    const read = (a: number, b: number) => `1 | read | nil | ok | {0 ${a}, 1 ${b}}`;
    expect(judge("bank", [read(10, 10), transfer, read(5, 15)], { total: 20 })).toEqual({
      valid: true,
      types: [],
    });
    expect(judge("bank", [read(10, 10), transfer, read(5, 10)], { total: 20 }).types).toEqual([
      "wrong-total",
    ]);
  });

  it("of long forks", () => {
    const writes = ["0 | write | [[:w 1 1]] | ok", "1 | write | [[:w 2 1]] | ok"];
    const read = (a: string, b: string) =>
      `2 | read | [[:r 1 nil] [:r 2 nil]] | ok | [[:r 1 ${a}] [:r 2 ${b}]]`;
    expect(judge("long-fork", [...writes, read("1", "nil"), read("nil", "1")]).types).toEqual([
      "long-fork",
    ]);
    expect(judge("long-fork", [...writes, read("1", "nil"), read("1", "1")]).valid).toBe(true);
  });

  it("of pairs", () => {
    const insert = (pair: number, sides: string, outcome: string) =>
      `${pair} | insert | [${pair} [${sides}]] | ${outcome}`;
    expect(judge("write-skew", [insert(1, "1 nil", "ok"), insert(1, "nil 2", "ok")]).types).toEqual(
      ["write-skew"],
    );
    expect(judge("write-skew", [insert(1, "1 nil", "ok"), insert(1, "nil 2", "fail")]).valid).toBe(
      true,
    );
  });

  it("of rows with timestamps", () => {
    const rows = (first: string) =>
      `0 | read | nil | ok | [{:val 1, :sts ${first}} {:val 2, :sts 1478.0000000002}]`;
    const adds = ["0 | add | nil | ok | {:val 1}", "0 | add | nil | ok | {:val 2}"];
    expect(judge("monotonic", [...adds, rows("1478.0000000001")]).valid).toBe(true);
    expect(judge("monotonic", [...adds, rows("1479.0000000001")]).types).toEqual([
      "reordered-insert",
    ]);
  });

  it("of sets and queues", () => {
    const set = ["0 | add | 1 | ok", "1 | read | nil | ok | #{1}", "1 | read | nil | ok | #{}"];
    expect(judge("set-full", set).types).toEqual(["lost-element"]);
    const queue = [
      "0 | enqueue | 1 | ok",
      "1 | dequeue | nil | ok | 1",
      "1 | drain | nil | ok | [1]",
    ];
    expect(judge("total-queue", queue).types).toEqual(["duplicate-element"]);
  });
});
