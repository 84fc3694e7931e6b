/** What only grows, and who saw it shrink. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monotonic, monotonicWith } from "../../checkers/index.js";
import { compareTimestamps } from "../../checkers/rows.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => monotonic.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);

describe("a counter", () => {
  it("grows for everybody", () => {
    const { valid, notes } = judge(
      "1 increment = 1 @x 0..1\n2 read = 1 @x 2..3\n2 increment = 2 @x 4..5\n1 read = 2 @x 6..7 final",
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ values: 4 });
  });

  it("starts at nothing", () => {
    expect(judge("1 read = null @x 0..1\n1 increment = 1 @x 2..3").valid).toBe(true);
  });

  it("that goes backwards for one process is a nonmonotonic read", () => {
    const { anomalies } = judge("1 increment = 1 @x 0..1\n1 read = 1 @x 2..3\n1 read = 0 @x 4..5");
    expect(anomalies).toEqual([
      {
        type: "nonmonotonic-read",
        message: "process 1 read 0 from key x after it had seen 1 itself",
        ops: [0, 4],
      },
    ]);
  });

  it("may lag behind what another process has seen, unless real time is promised", () => {
    const text = "1 increment = 1 @x 0..1\n2 read = 0 @x 2..3";
    expect(judge(text).valid).toBe(true);
    const strict = monotonicWith({ order: "realtime" }).check(timeline(text));
    expect(strict.anomalies[0]?.message).toBe(
      "process 2 read 0 from key x after process 1 had seen 1",
    );
    const overlapping = "1 increment = 1 @x 0..3\n2 read = 0 @x 2..4";
    expect(monotonicWith({ order: "realtime" }).check(timeline(overlapping)).valid).toBe(true);
  });

  it("may go backwards where nothing but the data binds", () => {
    const text = "1 increment = 1 @x 0..1\n1 read = 0 @x 2..3";
    expect(judge(text).valid).toBe(false);
    expect(monotonicWith({ order: "data" }).check(timeline(text)).valid).toBe(true);
  });

  it("has no two increments to one value", () => {
    const { anomalies } = judge("1 increment = 1 @x 0..3\n2 increment = 1 @x 1..2");
    expect(anomalies).toEqual([
      {
        type: "lost-update",
        message: "process 1 and process 2 both incremented key x to 1",
        ops: [0, 1],
      },
    ]);
  });

  it("must grow with every increment of a process", () => {
    const text = "1 increment 0..?\n3 increment 0..?\n2 increment = 2 4..5\n2 increment = 1 6..7";
    expect(typesOf(text)).toEqual(["nonmonotonic-increment"]);
  });

  it("must not have lost an increment in the end", () => {
    const text = "1 increment = 1 0..1\n2 read = 0 4..5";
    expect(judge(text).valid).toBe(true);
    expect(typesOf(`${text} final`)).toEqual(["lost-increment"]);
  });

  it("never exceeds the increments that had begun, failed ones not counted", () => {
    expect(typesOf("1 increment = 2 0..1")).toEqual(["overcount"]);
    expect(typesOf("1 increment 0..1 failed\n2 read = 1 2..3")).toEqual(["overcount"]);
    expect(judge("1 increment 0..?\n2 read = 1 2..3").valid).toBe(true);
  });

  it("is a whole number", () => {
    expect(typesOf('1 read = "x" 0..1')).toEqual(["invalid-value"]);
    expect(typesOf("1 increment = null 0..1")).toEqual(["invalid-value"]);
  });

  it("of one key has nothing to do with that of another", () => {
    expect(judge("1 increment = 1 @x 0..1\n1 read = 0 @y 2..3").valid).toBe(true);
  });

  it("that returns timestamps grows with them", () => {
    const text = "1 increment = [1,70] 0..9\n2 increment = [2,60] 0..9";
    expect(typesOf(text)).toEqual(["reordered-increment"]);
    expect(judge(text.replace("60", "80")).valid).toBe(true);
    const named = '1 increment = {"value":1,"timestamp":70} 0..9\n2 increment = [2,60] 0..9';
    expect(typesOf(named)).toEqual(["reordered-increment"]);
  });

  it("that nobody saw is not judged", () => {
    expect(judge("1 increment 0..?\n2 read 2..?").valid).toBe("unknown");
  });
});

describe("a log of rows", () => {
  const adds = "1 add = [1,10] 0..1\n2 add = [2,20] 2..3\n1 add = [3,30] 4..5";
  const read = (rows: string) => `${adds}\n3 read = ${rows} 8..9 final`;

  it("has its values in the order of their timestamps", () => {
    expect(judge(read("[[1,10],[2,20],[3,30]]")).valid).toBe(true);
    expect(judge(read("[[3,30],[1,10],[2,20]]")).valid).toBe(true);
    const { anomalies } = judge(read("[[1,10],[2,40],[3,30]]"));
    expect(anomalies).toEqual([
      {
        type: "reordered-insert",
        message: "2 has timestamp 40 in the rows, but 3 has the earlier 30",
        ops: [2, 4],
      },
    ]);
  });

  it("may have rows of one timestamp in any order", () => {
    expect(judge(read("[[1,10],[2,20],[3,20]]")).valid).toBe(true);
    expect(typesOf(read("[[1,20],[2,20],[3,10]]"))).toEqual([
      "reordered-insert",
      "reordered-insert",
    ]);
  });

  it("keeps every acknowledged row, once", () => {
    expect(typesOf(read("[[1,10],[3,30]]"))).toEqual(["lost-insert"]);
    expect(typesOf(read("[[1,10],[2,20],[3,30],[3,30]]"))).toContain("duplicate-insert");
    expect(typesOf("1 add = 1 0..1\n2 add = 1 2..3\n3 read = [1] 4..5")).toEqual([
      "duplicate-insert",
    ]);
  });

  it("has rows of nobody only from inserts of unknown outcome", () => {
    const strange = read("[[1,10],[2,20],[3,30],[4,40]]");
    expect(typesOf(strange)).toEqual(["garbage-row"]);
    expect(judge(`4 add 6..?\n${strange}`).valid).toBe(true);
    expect(typesOf(`4 add 6..7 failed\n${strange}`)).toEqual(["garbage-row"]);
  });

  it("may be written as Jepsen does", () => {
    const rows = '[{"val":1,"sts":"10.0000000002"},{"val":2,"sts":"10.0000000001"}]';
    expect(typesOf(`1 add = 1 0..1\n1 add = 2 2..3\n3 read = ${rows} 8..9`)).toEqual([
      "reordered-insert",
    ]);
  });
});

describe("timestamps", () => {
  it("are compared as decimals of any length", () => {
    const parts = fc.tuple(fc.bigInt(0n, 10n ** 20n), fc.bigInt(0n, 10n ** 10n - 1n));
    const text = ([whole, part]: [bigint, bigint]) => `${whole}.${String(part).padStart(10, "0")}`;
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const [a, b] = [left, right].map(([whole, part]) => whole * 10n ** 10n + part);
        expect(Math.sign(compareTimestamps(text(left), text(right)))).toBe(
          a! < b! ? -1 : a! > b! ? 1 : 0,
        );
      }),
    );
    expect(compareTimestamps("1.5", "1.50")).toBe(0);
    expect(compareTimestamps("9", "10")).toBe(-1);
  });
});

describe("random counters", () => {
  const glimpse = fc.record({ process: fc.nat(2), value: fc.nat(3) });

  it("are valid exactly when no process saw a smaller value after a greater one", () => {
    fc.assert(
      fc.property(fc.array(glimpse, { minLength: 1, maxLength: 8 }), (list) => {
        const pending = "7 increment 0..?\n8 increment 0..?\n9 increment 0..?\n";
        const isMonotonic = list.every(({ process, value }, i) =>
          list.slice(0, i).every((other) => other.process !== process || other.value <= value),
        );
        const reads = list.map(
          ({ process, value }, i) => `${process} read = ${value} ${i}.5..${i}.7`,
        );
        const text = pending + reads.join("\n");
        expect(judge(text).valid).toBe(isMonotonic);
      }),
      { numRuns: 200 },
    );
  });
});
