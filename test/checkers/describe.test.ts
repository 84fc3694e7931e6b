/** How anomalies speak of times, and that they speak of none where the history has none. */

import { describe, expect, it } from "vitest";
import { completionTime, invocationTime, isTimed } from "../../checkers/describe.js";
import { linearizable, setFullWith } from "../../checkers/index.js";
import { readEdn, toHistory } from "../../histories/index.js";
import { timeline } from "./timeline.js";

/** A history of Jepsen's without `:time`: one operation after the other, each of its own process. */
const untimed = (...operations: readonly [f: string, asked: string, answered: string][]) =>
  toHistory(
    readEdn(
      operations
        .map(([f, asked, answered], process) => {
          const of = `:process ${process}, :f :${f}, :value`;
          return `{:type :invoke, ${of} ${asked}}\n{:type :ok, ${of} ${answered}}`;
        })
        .join("\n"),
    ).events,
  );

const stale = () => untimed(["write", "1", "1"], ["write", "2", "2"], ["read", "nil", "1"]);

describe("times", () => {
  it("are milliseconds where the history has them, from its first event on", () => {
    const [operation] = timeline("1 write 1 0..3").operations;
    expect(isTimed(operation!)).toBe(true);
    expect([invocationTime(operation!), completionTime(operation!)]).toEqual(["0 ms", "3 ms"]);
  });

  it("are events where it has none", () => {
    const [, operation] = stale().operations;
    expect(isTimed(operation!)).toBe(false);
    expect([invocationTime(operation!), completionTime(operation!)]).toEqual([
      "event 2",
      "event 3",
    ]);
  });
});

describe("a history without times", () => {
  it("is told without any, when it is not linearizable", () => {
    const { valid, anomalies } = linearizable({ type: "register" }).check(stale());
    expect(valid).toBe(false);
    expect(anomalies[0]!.message).toMatch(/event \d/);
    expect(anomalies[0]!.message).not.toMatch(/\d [nm]?s\b/);
  });

  it("is told without any, when a set lags", () => {
    const history = untimed(["add", "7", "7"], ["read", "nil", "[]"], ["read", "nil", "[7]"]);
    const { anomalies } = setFullWith({ linearizable: true }).check(history);
    expect(anomalies.map(({ message }) => message)).toEqual([
      "element 7, acknowledged to process 0, was missing from the object in a later read by process 1",
    ]);
  });
});
