/** What a set must account for in the end, and what it may do on the way. */

import { describe, expect, it } from "vitest";
import { broadcast, set } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => set.check(timeline(text));
const nameOf = (text: string) => {
  const { valid, anomalies } = judge(text);
  expect(valid).toBe(false);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!;
};

describe("an acknowledged element", () => {
  it("is lost when no final read contains it", () => {
    const anomaly = nameOf(
      "1 add 7 0..1\n1 add 8 2..3\n1 read = [8] 4..5 final\n2 read = [8] 4..5 final",
    );
    expect(anomaly.type).toBe("lost-element");
    expect(anomaly.message).toContain("element 7 was acknowledged, but is in no final read");
    expect(anomaly.ops).toEqual([0, 4]);
  });

  it("is stale when one final read contains it and another does not", () => {
    expect(nameOf("1 add 7 0..1\n1 read = [7] 4..5 final\n2 read = [] 4..5 final").type).toBe(
      "stale-element",
    );
  });

  it("may be missing during the run, which is counted", () => {
    const { valid, notes } = judge("1 add 7 0..1\n1 read = [] 2..3\n1 read = [7] 4..5 final");
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ acknowledged: 1, stale: 1, lost: 0 });
  });

  it("may be missing from a final read that began before it was acknowledged", () => {
    expect(judge("1 add 7 0..9\n2 read = [] 4..5 final").valid).toBe(true);
  });

  it("is judged by the last final read of each process", () => {
    const late = "1 add 7 0..1\n1 read = [] 2..3 final\n1 read = [7] 4..5 final";
    expect(judge(late).valid).toBe(true);
  });

  it("is one finding per kind, however many elements are concerned", () => {
    const adds = Array.from({ length: 9 }, (_, i) => `1 add ${i} ${i}..${i}.5`).join("\n");
    const { message } = nameOf(`${adds}\n1 read = [] 20..21 final`);
    expect(message).toContain("element 0 (and 8 more: 1, 2, 3, 4)");
  });
});

describe("an element of unknown fate", () => {
  it("may be there or not", () => {
    expect(judge("1 add 7 0..?\n2 read = [] 4..5 final").valid).toBe(true);
    const there = judge("1 add 7 0..?\n2 read = [7] 4..5 final");
    expect(there.valid).toBe(true);
    expect(there.notes).toMatchObject({ unknown: 1, recovered: 1 });
  });
});

describe("an element that should not be there", () => {
  it("is garbage when nobody added it, aborted when its add had failed", () => {
    expect(nameOf("1 read = [7] 4..5").type).toBe("garbage-element");
    expect(nameOf("1 read = 7 4..5").type).toBe("garbage-element");
    expect(nameOf("1 add 7 0..1 failed\n1 read = [7] 4..5").type).toBe("aborted-element");
  });

  it("comes from the future when it is read before its add began", () => {
    expect(nameOf("1 read = [7] 0..1\n1 add 7 2..3").type).toBe("future-element");
  });

  it("is a duplicate when one read lists it twice", () => {
    expect(nameOf("1 add 7 0..1\n1 read = [7,7] 4..5").type).toBe("duplicate-element");
  });

  it("is resurrected when it is there after its acknowledged removal", () => {
    const removed = "1 add 7 0..1\n1 remove 7 2..3";
    expect(nameOf(`${removed}\n1 read = [7] 4..5 final`).type).toBe("resurrected-element");
    expect(judge(`${removed}\n1 read = [] 4..5 final`).valid).toBe(true);
  });

  it("is not resurrected when an add of it may have come after the removal", () => {
    expect(judge("1 add 7 0..?\n2 remove 7 2..3\n2 read = [7] 4..5 final").valid).toBe(true);
    expect(judge("1 add 7 0..9\n2 remove 7 2..3\n1 read = [7] 10..11 final").valid).toBe(true);
    const again = "1 add 7 0..1\n1 remove 7 2..3\n1 add 7 4..5\n1 read = [7] 6..7 final";
    expect(judge(again).valid).toBe(true);
  });

  it("may be there while its removal is unknown or failed, and may be missing unless it failed", () => {
    expect(judge("1 add 7 0..1\n1 remove 7 2..?\n2 read = [7] 4..5 final").valid).toBe(true);
    expect(judge("1 add 7 0..1\n1 remove 7 2..?\n2 read = [] 4..5 final").valid).toBe(true);
    expect(nameOf("1 add 7 0..1\n1 remove 7 2..3 failed\n2 read = [] 4..5 final").type).toBe(
      "lost-element",
    );
  });
});

describe("without final reads", () => {
  it("nothing is known, unless a read is wrong in itself", () => {
    expect(judge("1 add 7 0..1\n1 read = [7] 2..3").valid).toBe("unknown");
    expect(judge("1 read = [7,7] 2..3").valid).toBe(false);
    expect(judge("").valid).toBe("unknown");
  });

  it("of one set, a valid other set does not make up for it", () => {
    expect(
      judge(
        "1 add 7 @x 0..1\n1 add 8 @y 0.5..1\n1 read = [7] @x 2..3 final".replace(
          "1 add 8",
          "2 add 8",
        ),
      ).valid,
    ).toBe("unknown");
  });
});

describe("broadcast", () => {
  it("is a set of messages", () => {
    const check = (text: string) => broadcast.check(timeline(text));
    expect(check("1 broadcast 7 0..1\n2 read = [7] 2..3 final").valid).toBe(true);
    expect(check("1 broadcast 7 0..1\n2 read = [] 2..3 final").anomalies[0]?.type).toBe(
      "lost-element",
    );
  });
});
