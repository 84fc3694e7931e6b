/** Pairs of which only one side may get in. */

import { describe, expect, it } from "vitest";
import { writeSkew } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => writeSkew.check(timeline(text));

describe("a pair", () => {
  it("of which both sides got in is skewed", () => {
    const { valid, anomalies } = judge("1 insert [1,null] @p 0..3\n2 insert [null,2] @p 1..2");
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "write-skew",
        message:
          "process 1's insert of [1,null] and process 2's insert of [null,2] both succeeded for pair \"p\"",
        ops: [0, 1],
      },
    ]);
  });

  it("of which one side got in twice is no better", () => {
    expect(judge("1 insert [1,null] @p 0..1\n2 insert [2,null] @p 2..3").valid).toBe(false);
  });

  it("of which one side got in is right, whatever became of the other", () => {
    expect(judge("1 insert [1,null] @p 0..3\n2 insert [null,2] @p 1..2 failed").valid).toBe(true);
    expect(judge("1 insert [1,null] @p 0..3\n2 insert [null,2] @p 1..?").valid).toBe(true);
  });

  it("has nothing to do with another pair", () => {
    const { valid, notes } = judge(
      "1 insert [1,null] @p 0..3\n2 insert [null,2] @q 1..2\n3 insert [null,3] @p 1..2 failed",
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ pairs: 2, taken: 2, contested: 1 });
  });

  it("may stand inside the value", () => {
    expect(judge("1 insert [7,[1,null]] 0..3\n2 insert [7,[null,2]] 1..2").valid).toBe(false);
    expect(judge("1 insert [7,[1,null]] 0..3\n2 insert [8,[null,2]] 1..2").valid).toBe(true);
  });
});

describe("a history", () => {
  it("in which nobody competed, or nobody won, has no write skew, and says so", () => {
    const alone = judge("1 insert [1,null] @p 0..1");
    expect(alone).toMatchObject({ valid: true, notes: { taken: 1, contested: 0 } });
    const lost = judge("1 insert [1,null] @p 0..1 failed\n2 insert [null,2] @p 0..1 failed");
    expect(lost).toMatchObject({ valid: true, notes: { taken: 0, contested: 0 } });
  });

  it("without inserts is not judged", () => {
    expect(judge("")).toMatchObject({ valid: "unknown", reason: "nothing was inserted" });
  });

  it("with an insert of both sides or of none is refused", () => {
    expect(() => judge("1 insert [1,2] @p 0..1")).toThrow(
      "event 0: process 1: insert takes [a, null] or [null, b] under a key, the pair, got [1,2]",
    );
    expect(() => judge("1 insert [null,null] @p 0..1")).toThrow("insert takes");
    expect(() => judge("1 insert [1,null] 0..1")).toThrow("insert takes");
  });
});
