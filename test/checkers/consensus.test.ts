/** Consensus, judged from what clients were told. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consensus } from "../../checkers/index.js";
import type { Operation } from "../../histories/history.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => consensus.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);

describe("consensus", () => {
  it("is kept when everybody is told a value that one of them proposed, key by key", () => {
    const { valid, notes } = judge(
      `1 propose 1 = 2 @x 0..3
       2 propose 2 = 2 @x 1..2
       3 propose 3 = 3 @y 0..1
       1 read = null @y 4..5
       2 read = 3 @y 6..7`,
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ decided: 2 });
  });

  it("is kept when the value decided is of a proposal of unknown outcome", () => {
    expect(typesOf("1 propose 1 0..?\n2 propose 2 = 1 3..4")).toEqual([]);
  });

  it("is broken by two values for one key, however far apart", () => {
    const { valid, anomalies } = judge("1 propose 1 = 1 @x 0..1\n2 propose 2 = 2 @x 9..10");
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "disagreement",
        message: "process 1 was told that 1 was decided for key x, process 2 that it was 2",
        ops: [0, 2],
        brokenAt: 3,
      },
    ]);
  });

  it("is broken by a reader who is told another value", () => {
    expect(typesOf("1 propose 1 = 1 0..1\n2 propose 2 0..?\n3 read = 2 4..5")).toEqual([
      "disagreement",
    ]);
  });

  it("is broken by a value that nobody proposed, or not yet, or for another key", () => {
    expect(typesOf("1 propose 1 = 9 0..1")).toEqual(["invented-value"]);
    expect(typesOf("1 propose 1 = 2 0..1\n2 propose 2 = 2 3..4")).toEqual(["invented-value"]);
    expect(typesOf("1 propose 1 = 2 @x 0..1\n2 propose 2 @y 0..?")).toEqual(["invented-value"]);
  });

  it("is broken by a value whose only proposal had been refused", () => {
    expect(typesOf("1 propose 1 0..1 failed\n2 propose 2 = 1 3..4")).toEqual(["refused-value"]);
  });

  it("is unknown where nobody was told anything", () => {
    expect(judge("1 propose 1 0..?\n2 read = null 2..3").valid).toBe("unknown");
  });

  it("is exactly the linearizability of write-once registers", () => {
    const operation = fc.record({
      value: fc.integer({ min: 1, max: 3 }),
      answer: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 4 }),
      from: fc.integer({ min: 0, max: 8 }),
      lasts: fc.integer({ min: 1, max: 4 }),
      refused: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), (drawn) => {
        const text = drawn.map(({ value, answer, from, lasts, refused }, process) => {
          const to = from + lasts;
          if (refused) return `${process} propose ${value} ${from}..${to} failed`;
          if (answer === null) return `${process} propose ${value} ${from}..?`;
          return `${process} propose ${value} = ${answer} ${from}..${to}`;
        });
        const history = timeline(text.join("\n"));
        const answered = history.operations.some(({ outcome }) => outcome === "ok");
        const expected = isLinearizable(
          history.operations.filter(({ outcome }) => outcome !== "fail"),
        );
        const { valid } = consensus.check(history);
        expect(valid).toBe(answered ? expected : "unknown");
      }),
    );
  });
});

/** Tries every order that agrees with real time, on one register that keeps its first value. */
function isLinearizable(left: readonly Operation[], decided?: unknown): boolean {
  if (left.every(({ outcome }) => outcome === "info")) return true;
  return left.some((next) => {
    if (left.some(({ completed }) => completed < next.invoked)) return false;
    const value = decided ?? next.input;
    if (next.outcome === "ok" && next.output !== value) return false;
    return isLinearizable(
      left.filter((other) => other !== next),
      value,
    );
  });
}
