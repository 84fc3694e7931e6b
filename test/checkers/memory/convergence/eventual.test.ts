/** What refutes eventual consistency, and what does not. */

import { describe, expect, it } from "vitest";
import { eventual } from "../../../../checkers/memory/convergence/index.js";
import { timeline } from "../../timeline.js";

const judge = (text: string) => eventual().check(timeline(text));

/** The anomaly types, or true or "unknown". */
const found = (text: string) => {
  const { valid, anomalies } = judge(text);
  return valid === false ? anomalies.map(({ type }) => type) : valid;
};

describe("final reads of a register", () => {
  it("that agree on one of the values written are right, the overwritten one too", () => {
    expect(found("1 write 1 @x 0..1\n2 write 2 @x 2..3\n1 read = 1 @x 4..5 final")).toBe(true);
  });

  it("that differ are a divergence", () => {
    const split = "1 write 1 0..1\n2 write 2 0..1\n1 read = 1 2..3 final\n2 read = 2 2..3 final";
    expect(found(split)).toEqual(["divergence"]);
  });

  it("at two nodes by one process must agree, too", () => {
    const split = "1 write 1 0..1\n1 read = 1 on n1 2..3 final\n1 read = null on n2 4..5 final";
    expect(found(split)).toEqual(["divergence"]);
  });

  it("that agree on the initial value lost what was acknowledged", () => {
    const lost = judge(
      "1 write 1 @x 0..1\n1 read = null @x 2..3 final\n2 read = null @x 2..3 final",
    );
    expect(lost.anomalies).toEqual([
      {
        type: "lost-write",
        message:
          "the final reads of key x return null, the initial value, though its write was acknowledged: 1 by process 1",
        ops: [0, 2],
      },
    ]);
  });

  it("may return the initial value where no write was acknowledged", () => {
    expect(found("1 write 1 0..?\n2 read = null 2..3 final")).toBe(true);
    expect(found("1 write 1 0..1 failed\n2 read = null 2..3 final")).toBe(true);
  });

  it("may return the initial value where somebody wrote it, or may have", () => {
    expect(found("1 write 1 0..1\n2 write null 2..3\n2 read = null 4..5 final")).toBe(true);
    expect(found("1 write 1 0..1\n2 write null 2..?\n3 read = null 4..5 final")).toBe(true);
  });

  it("lose an acknowledged compare-and-set, too", () => {
    const text = "1 cas [0,1] 0..1\n2 read = 0 2..3 final";
    const { anomalies } = eventual({ init: 0 }).check(timeline(text));
    expect(anomalies.map(({ type }) => type)).toEqual(["lost-write"]);
  });

  it("are judged of objects without keys, too, with fences between", () => {
    const lost = "1 write 1 0..1\n1 fence 2..3\n1 read = null 4..5 final\n1 fence 6..7";
    expect(found(lost)).toEqual(["lost-write"]);
  });

  it("by a get of nothing are reads of the initial value", () => {
    expect(found('1 put "a" @x 0..1\n2 get = "" @x 2..3 final')).toEqual(["lost-write"]);
  });
});

describe("any read", () => {
  it("of what nobody wrote is from thin air", () => {
    expect(found("1 write 1 0..1\n2 read = 7 2..3\n2 read = 1 4..5 final")).toEqual([
      "ThinAirRead",
    ]);
  });

  it("of what only a failed write wrote is aborted", () => {
    const text = "1 write 1 0..1 failed\n2 read = 1 2..3\n2 read = null 4..5 final";
    expect(found(text)).toEqual(["aborted-read"]);
  });

  it("of what a write of unknown outcome wrote is right", () => {
    expect(found("1 write 1 0..?\n2 read = 1 2..3\n2 read = 1 4..5 final")).toBe(true);
  });

  it("refutes without final reads; without a violation nothing is known", () => {
    expect(found("1 write 1 0..1\n2 read = 7 2..3")).toEqual(["ThinAirRead"]);
    const { valid, reason } = judge("1 write 1 0..1\n2 read = 1 2..3");
    expect(valid).toBe("unknown");
    expect(reason).toBe("no final read after the last write");
  });
});

describe("collections", () => {
  it("must have what was added and acknowledged", () => {
    expect(found("1 add 1 0..1\n1 add 2 2..3\n2 read = [2] 4..5 final")).toEqual(["lost-element"]);
    expect(found("1 append 1 0..1\n1 append 2 2..3\n2 read = [2] 4..5 final")).toEqual([
      "lost-element",
    ]);
  });

  it("must not have what only failed adds added, or nobody", () => {
    expect(found("1 add 1 0..1 failed\n2 read = [1] 4..5 final")).toEqual(["aborted-element"]);
    expect(found("1 add 1 0..1\n2 read = [1,3] 4..5 final")).toEqual(["garbage-element"]);
  });

  it("must not list an element twice, unless it was appended twice", () => {
    expect(found("1 add 1 0..1\n2 read = [1,1] 4..5 final")).toEqual(["duplicate-element"]);
    expect(found("1 append 1 0..1\n2 read = [1,1] 4..5 final")).toEqual(["duplicate-element"]);
    expect(found("1 append 1 0..1\n1 append 1 2..3\n2 read = [1,1] 4..5 final")).toBe(true);
  });

  it("may have what was added with an unknown outcome, or not", () => {
    expect(found("1 add 1 0..?\n2 read = [1] 4..5 final")).toBe(true);
    expect(found("1 add 1 0..?\n2 read = [] 4..5 final")).toBe(true);
  });

  it("may keep or lose what was added and removed at the same time", () => {
    expect(found("1 add 1 0..1\n2 remove 1 0..1\n2 read = [1] 4..5 final")).toBe(true);
    expect(found("1 add 1 0..1\n2 remove 1 0..1\n2 read = [] 4..5 final")).toBe(true);
  });

  it("agree as sets, or as lists", () => {
    const reads = "1 read = [1,2] 4..5 final\n2 read = [2,1] 4..5 final";
    expect(found(`1 add 1 0..1\n1 add 2 2..3\n${reads}`)).toBe(true);
    expect(found(`1 append 1 0..1\n1 append 2 2..3\n${reads}`)).toEqual(["divergence"]);
  });
});

describe("counters, and whatever else there is,", () => {
  it("need only agree", () => {
    expect(found("1 add 1 0..1\n1 read = 5 2..3 final\n2 read = 5 2..3 final")).toBe(true);
    const split = "1 add 1 0..1\n1 read = 1 2..3 final\n2 read = 0 2..3 final";
    expect(found(split)).toEqual(["divergence"]);
  });
});

describe("what was agreed on", () => {
  it("is told by key, with those who read it", () => {
    const text =
      "1 write 1 @x 0..1\n1 read = 1 @x on n1 2..3 final\n2 read = 1 @x on n2 2..3 final";
    expect(judge(text).notes).toEqual({
      keys: 1,
      agreed: { x: { on: "1", by: ["process 1 at n1", "process 2 at n2"] } },
    });
  });

  it("is told of twenty keys at most", () => {
    const lines = Array.from(
      { length: 30 },
      (_, i) => `1 write ${i} @k${i} ${i}..${i}.5\n2 read = ${i} @k${i} 100..100.5 final`,
    );
    const { keys, agreed } = judge(
      lines.map((line, i) => line.replace("100..100.5", `${100 + i}..${100 + i}.5`)).join("\n"),
    ).notes as { keys: number; agreed: object };
    expect(keys).toBe(30);
    expect(Object.keys(agreed)).toHaveLength(20);
  });
});
