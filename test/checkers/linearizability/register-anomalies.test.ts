/** The name of a register's violation is the most specific one whose definition holds. */

import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import { timeline } from "../timeline.js";

function nameOf(text: string) {
  const { valid, anomalies } = linearizable({ type: "cas-register" }).check(timeline(text));
  expect(valid).toBe(false);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!;
}

describe("garbage-read", () => {
  it("is a read of a value that nobody wrote", () => {
    expect(nameOf("1 write 1 @x 0..1\n2 read = 7 @x 2..3")).toEqual({
      type: "garbage-read",
      message: "process 2 read 7 in key x, which nobody wrote to it",
      ops: [2],
    });
  });

  it("is also a successful cas from such a value", () => {
    expect(nameOf("1 cas [7,8] 0..1").type).toBe("garbage-read");
  });
});

describe("aborted-read", () => {
  it("is a read of a value that only failed operations wrote", () => {
    const anomaly = nameOf("1 write 1 0..1 failed\n2 read = 1 2..3");
    expect(anomaly.type).toBe("aborted-read");
    expect(anomaly.ops).toEqual([0, 2]);
  });

  it("is not a read of a value whose write is unknown", () => {
    const { valid } = linearizable({ type: "register" }).check(
      timeline("1 write 1 0..1 failed\n3 write 1 0..?\n2 read = 1 2..3"),
    );
    expect(valid).toBe(true);
  });
});

describe("future-read", () => {
  it("is a read that completed before the write of its value began", () => {
    const anomaly = nameOf("2 read = 1 0..1\n1 write 1 2.5..3");
    expect(anomaly.type).toBe("future-read");
    expect(anomaly.message).toContain(
      "at 1 ms, before the write of 1 by process 1 (2.5 ms to 3 ms)",
    );
    expect(anomaly.ops).toEqual([0, 2]);
  });
});

describe("lost-update", () => {
  it("is two successful cas from a value that was written once", () => {
    const anomaly = nameOf("1 write 1 0..1\n2 cas [1,2] 2..9\n3 cas [1,3] 2..9");
    expect(anomaly.type).toBe("lost-update");
    expect(anomaly.message).toContain("2 compare-and-sets on the object succeeded from 1");
    expect(anomaly.ops).toEqual([0, 2, 3]);
  });

  it("is not two successful cas from a value that came back", () => {
    const twice = "1 write 1 0..1\n2 cas [1,2] 2..3\n3 cas [2,1] 4..5\n2 cas [1,3] 6..7";
    expect(linearizable().check(timeline(twice)).valid).toBe(true);
  });

  it("is a cas that overwrote an acknowledged write without having seen it", () => {
    const anomaly = nameOf("1 write 1 0..1\n2 write 2 2..3\n3 cas [1,4] 5..6");
    expect(anomaly.type).toBe("lost-update");
    expect(anomaly.ops).toEqual([0, 2, 4]);
  });
});

describe("split-brain", () => {
  const mutualBlindness = `
    1 write 1       0..1
    1 write 2       2..3
    2 read = 1      4..5
    2 write 3       6..7
    1 read = 2      8..9
  `;

  it("is two sides that acknowledged writes which the other missed", () => {
    const anomaly = nameOf(mutualBlindness);
    expect(anomaly.type).toBe("split-brain");
    expect(anomaly.ops).toEqual([2, 4, 6, 8]);
  });

  it("is not when the sides saw each other's writes in between", () => {
    expect(nameOf(`${mutualBlindness}\n3 read = 3 7.2..7.4\n1 read = 3 7.5..7.7`).type).toBe(
      "stale-read",
    );
  });

  it("is not a reader that lags behind and writes nothing", () => {
    const lagging = "1 write 1 0..1\n1 write 2 2..3\n1 read = 2 4..5\n2 read = 1 6..7";
    expect(nameOf(lagging).type).toBe("stale-read");
  });

  it("is a value that flips between two sides, each seeing its own write only", () => {
    const flips = `
      1 write 1     0..5
      2 write 2     0..5
      1 read = 1    6..7
      2 read = 2    8..9
      3 read = 1    10..11
      4 read = 2    12..13
    `;
    const anomaly = nameOf(flips);
    expect(anomaly.type).toBe("split-brain");
    expect(anomaly.ops).toEqual([0, 1, 6, 8, 10]);
  });

  it("is not a flip that one process sees by itself", () => {
    const flips =
      "1 write 1 0..5\n2 write 2 0..5\n3 read = 1 6..7\n3 read = 2 8..9\n3 read = 1 10..11";
    expect(nameOf(flips).type).toBe("new-old-inversion");
  });

  it("takes nodes for sides where the recorder names them", () => {
    const sameNode = mutualBlindness.replaceAll(/ {2,}(?=\d+\.\.)/g, " on n1 ");
    expect(nameOf(sameNode).type).not.toBe("split-brain");
  });
});

describe("stale-read", () => {
  it("is a read that missed an acknowledged write which somebody saw", () => {
    const anomaly = nameOf(
      "1 write 1 @x 0..1\n1 write 2 @x 2..3\n1 read = 2 @x 4..5\n2 read = 1 @x 6..7",
    );
    expect(anomaly.type).toBe("stale-read");
    expect(anomaly.message).toBe(
      "process 2 read 1 in key x from 6 ms on, although the write of 2 by process 1 (2 ms to 3 ms) " +
        "had been acknowledged and was seen by process 1",
    );
    expect(anomaly.ops).toEqual([0, 2, 4, 6]);
  });

  it("is one also when the newer value is seen only later", () => {
    expect(nameOf("1 write 1 0..1\n2 read = null 2..3\n1 read = 1 4..5").type).toBe("stale-read");
  });

  it("is none while another write of the old value may explain it", () => {
    const rewritten =
      "1 write 1 0..1\n1 write 2 2..3\n3 write 1 2..?\n1 read = 2 4..5\n2 read = 1 6..7";
    expect(linearizable().check(timeline(rewritten)).valid).toBe(true);
  });
});

describe("lost-write", () => {
  it("is an acknowledged write that nobody ever saw", () => {
    const anomaly = nameOf("1 write 1 0..1\n1 write 2 2..3\n2 read = 1 4..5\n1 read = 1 6..7");
    expect(anomaly.type).toBe("lost-write");
    expect(anomaly.ops).toEqual([0, 2, 4]);
  });
});

describe("new-old-inversion", () => {
  it("is a new value and then the old one, while the write is still in flight", () => {
    const anomaly = nameOf("1 write 1 0..1\n2 write 2 2..20\n3 read = 2 4..5\n4 read = 1 6..7");
    expect(anomaly.type).toBe("new-old-inversion");
    expect(anomaly.ops).toEqual([0, 2, 3, 5]);
  });

  it("is not a change from one to another of two overlapping writes", () => {
    const overlapping = "1 write 1 0..20\n2 write 2 0..20\n3 read = 2 4..5\n4 read = 1 6..7";
    expect(linearizable().check(timeline(overlapping)).valid).toBe(true);
  });
});

describe("non-linearizable", () => {
  it("is what fits no other name, with the values that were possible", () => {
    const anomaly = nameOf(`
      1 write 1   0..9
      2 write 2   0..9
      3 write 1   0..9
      4 read = 1  10..11
      4 read = 2  12..13
      4 read = 1  14..15
    `);
    expect(anomaly.type).toBe("non-linearizable");
    expect(anomaly.message).toContain("read of 2 by process 4 (12 ms to 13 ms)");
    expect(anomaly.message).toContain("the object could only hold 1 then");
  });
});
