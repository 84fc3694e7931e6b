/** Which counts the adds can explain. */

import { describe, expect, it } from "vitest";
import { counter, counterAccounting } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => counter.check(timeline(text));
const nameOf = (text: string) => {
  const { valid, anomalies } = judge(text);
  expect(valid).toBe(false);
  return anomalies[0]!.type;
};

describe("a final read", () => {
  it("counts everything acknowledged, and nothing else", () => {
    const adds = "1 add 2 0..1\n1 add 3 2..3\n1 add 10 4..5 failed";
    expect(judge(`${adds}\n1 read = 5 6..7 final`).valid).toBe(true);
    expect(nameOf(`${adds}\n1 read = 4 6..7 final`)).toBe("undercount");
    expect(nameOf(`${adds}\n1 read = 6 6..7 final`)).toBe("overcount");
  });

  it("may count any of the adds of unknown outcome", () => {
    const adds = "1 add 2 0..1\n2 add 10 0..?\n3 add -4 0..?";
    for (const sum of [2, 12, -2, 8]) {
      expect(judge(`${adds}\n1 read = ${sum} 6..7 final`).valid, `${sum}`).toBe(true);
    }
    expect(nameOf(`${adds}\n1 read = 3 6..7 final`)).toBe("impossible-count");
    expect(nameOf(`${adds}\n1 read = 13 6..7 final`)).toBe("overcount");
    expect(nameOf(`${adds}\n1 read = -3 6..7 final`)).toBe("undercount");
  });

  it("starts from the initial value, and reads 0 where it found nothing", () => {
    const read = timeline("1 read = 7 0..1 final");
    expect(counter.check(read, { init: 7 }).valid).toBe(true);
    expect(judge("1 read = null 0..1 final").valid).toBe(true);
    expect(nameOf("1 add 1 0..1\n1 read = null 2..3 final")).toBe("undercount");
  });

  it("is a whole number", () => {
    expect(nameOf("1 read = 0.5 0..1 final")).toBe("impossible-count");
    expect(nameOf('1 read = "7" 0..1 final')).toBe("impossible-count");
  });
});

describe("a read during the run", () => {
  it("may lag behind", () => {
    expect(judge("1 add 2 0..1\n1 read = 0 2..3\n1 read = 2 4..5 final").valid).toBe(true);
  });

  it("may not count what was never added, or only later", () => {
    const end = "1 add 2 8..9\n1 read = 4 10..11 final";
    expect(nameOf(`1 add 2 0..1\n1 read = 3 2..3\n${end}`)).toBe("overcount");
    expect(nameOf(`1 add 2 0..1\n1 read = -1 2..3\n${end}`)).toBe("undercount");
  });

  it("may not lag behind either when the counter is held to be strict", () => {
    const history = timeline("1 add 2 0..1\n1 read = 0 2..3\n1 read = 2 4..5 final");
    expect(counterAccounting({ strict: true }).check(history).anomalies[0]?.type).toBe(
      "undercount",
    );
  });
});

describe("what cannot be decided is unknown", () => {
  it("without a final read", () => {
    expect(judge("1 add 2 0..1\n1 read = 2 2..3").valid).toBe("unknown");
    expect(judge("1 add 2 @x 0..1\n2 add 3 @y 0..1\n1 read = 2 @x 2..3 final").valid).toBe(
      "unknown",
    );
  });

  it("with too many possible sums, unless the read is beyond all of them", () => {
    const adds = Array.from({ length: 22 }, (_, i) => `${i} add ${2 ** i} 0..?`).join("\n");
    const verdict = judge(`${adds}\n99 read = 5 1..2 final`);
    expect(verdict.valid).toBe("unknown");
    expect(verdict.reason).toContain("sums are possible");
    expect(nameOf(`${adds}\n99 read = 4194304 1..2 final`)).toBe("overcount");
  });
});

describe("a client that adds no whole number", () => {
  it("is refused", () => {
    expect(() => judge("1 add 0.5 0..1")).toThrow("event 0: add takes a whole number, got 0.5");
  });
});
