/** What violations of registers, cas-registers and keys without appends are called. */

import { describe, expect, it } from "vitest";
import { timeline } from "../../timeline.js";
import { anomalyOf, isLeftAlone, namesOf, violationOf } from "./story.js";

const nameOf = (text: string, init: number | null = null) =>
  anomalyOf("cas-register", text, init).type;

describe("a garbage-read, aborted-read or future-read", () => {
  it("is a value that nobody wrote", () => {
    expect(anomalyOf("register", "1 write 1 @x 0..1\n2 read = 7 @x 2..3")).toEqual({
      type: "garbage-read",
      message: "process 2 read 7 in key x, which nobody wrote to it",
      ops: [0, 2],
    });
    expect(nameOf("1 cas [1,2] 0..1")).toBe("garbage-read");
  });

  it("is a value that only failed operations wrote", () => {
    const anomaly = anomalyOf("register", "1 write 1 0..1 failed\n2 read = 1 2..3");
    expect(anomaly.type).toBe("aborted-read");
    expect(anomaly.message).toBe(
      "process 2 read 1 in the object, but the write of 1 by process 1 (0 ms to 1 ms) had failed",
    );
    expect(anomaly.ops).toEqual([0, 2]);
  });

  it("is a value found before its write began", () => {
    const anomaly = anomalyOf("register", "2 read = 1 0..1\n1 write 1 2.5..3");
    expect(anomaly.type).toBe("future-read");
    expect(anomaly.message).toBe(
      "process 2 read 1 in the object at 1 ms, before the write of 1 by process 1 (2.5 ms to 3 ms) began",
    );
  });

  it("goes by any name of reading and writing", () => {
    expect(nameOf("1 put 1 0..1\n2 get = 7 2..3")).toBe("garbage-read");
    expect(nameOf("1 put 1 0..1 failed\n2 get = 1 2..3")).toBe("aborted-read");
  });
});

describe("a lost-update", () => {
  it("is more successful cas from a value than times it was there", () => {
    const anomaly = anomalyOf("cas-register", "1 write 1 0..1\n2 cas [1,2] 2..9\n3 cas [1,3] 2..9");
    expect(anomaly.type).toBe("lost-update");
    expect(anomaly.message).toBe(
      "2 compare-and-sets on the object succeeded from 1, which was there once: [1,2] by process 2 " +
        "and [1,3] by process 3",
    );
    expect(nameOf("2 cas [5,2] 2..9\n3 cas [5,3] 2..9", 5)).toBe("lost-update");
  });

  it("is a cas that overwrote what it had not seen", () => {
    const anomaly = anomalyOf("cas-register", "1 write 1 0..1\n2 write 2 2..3\n3 cas [1,4] 5..6");
    expect(anomaly.type).toBe("lost-update");
    expect(anomaly.message).toBe(
      "the cas of [1,4] by process 3 (5 ms to 6 ms) on the object succeeded, although the write of 2 " +
        "by process 2 (2 ms to 3 ms) had been acknowledged in between: that update is lost",
    );
  });

  it("is two cas that each deny the other's origin", () => {
    const both = "1 write 1 0..5\n2 write 2 0..5\n1 cas [1,3] 6..9\n1 read = 3 10..11";
    expect(nameOf(`${both}\n1 write 9 12..13\n1 cas [2,4] 14..15`)).toBe("lost-update");
    expect(nameOf("1 write 1 0..5\n2 write 2 0..5\n1 cas [1,3] 6..9\n1 cas [2,4] 10..12")).toBe(
      "lost-update",
    );
  });
});

describe("a stale-read or lost-write", () => {
  const missed = "1 write 1 @x 0..1\n1 write 2 @x 2..3\n2 read = 1 @x 6..7";

  it("is a read that missed an acknowledged write, whether or not somebody else saw that", () => {
    const anomaly = anomalyOf("register", missed);
    expect(anomaly.type).toBe("stale-read");
    expect(anomaly.message).toBe(
      "process 2 read 1 in key x (begun at 6 ms), although the write of 2 by process 1 (2 ms to 3 ms) had " +
        "been acknowledged",
    );
    expect(nameOf(`${missed}\n3 read = 2 @x 4..5`)).toBe("stale-read");
  });

  it("is a lost-write when everything had healed by the time of the read", () => {
    const anomaly = anomalyOf("register", `${missed} final`);
    expect(anomaly.type).toBe("lost-write");
    expect(anomaly.message).toBe(
      "process 2 read 1 in key x (begun at 6 ms), although the write of 2 by process 1 (2 ms to 3 ms) had " +
        "been acknowledged: after everything had healed, it is gone",
    );
  });

  it("may miss the first write", () => {
    expect(nameOf("1 write 1 0..1\n2 read = null 2..3")).toBe("stale-read");
  });

  it("may miss a write that began when the old value had been seen, though that was not acknowledged", () => {
    expect(nameOf("1 write 1 0..?\n2 read = 1 1..2\n2 write 2 3..4\n2 read = 1 5..6")).toBe(
      "stale-read",
    );
  });

  it("is none when the value may have been written again", () => {
    const again =
      "1 write 1 0..?\n2 write 1 0..?\n3 read = 1 1..2\n3 write 2 3..4\n3 read = 1 5..6";
    expect(isLeftAlone("register", again)).toBe(true);
  });

  it("may miss the cas that replaced the value", () => {
    expect(nameOf("1 write 1 0..9\n2 cas [1,2] 1..2\n2 read = 1 3..4")).toBe("stale-read");
  });

  it("is one of two reads that deny each other, when the same side has to do with both", () => {
    const anomaly = anomalyOf(
      "register",
      "1 write 1 0..5\n2 write 2 0..5\n2 read = 1 6..8\n3 read = 2 7..9",
    );
    expect(anomaly.type).toBe("stale-read");
    expect(anomaly.message).toBe(
      "process 2 read 1 (begun at 6 ms) and process 3 read 2 (begun at 7 ms) in the object, although the " +
        "write of 1 by process 1 (0 ms to 5 ms) and the write of 2 by process 2 (0 ms to 5 ms) had all " +
        "been acknowledged before: one of the two is stale",
    );
    expect(nameOf("1 write 1 0..5\n2 write 2 0..5\n3 read = 1 6..7\n3 read = 2 8..9")).toBe(
      "stale-read",
    );
  });
});

describe("a split-brain", () => {
  const apart = "1 write 1 0..5\n2 write 2 0..5\n1 read = 1 6..8\n2 read = 2 7..9";

  it("is two sides that each acknowledged and saw only their own", () => {
    const anomaly = anomalyOf("register", apart);
    expect(anomaly.type).toBe("split-brain");
    expect(anomaly.message).toBe(
      "process 1 read 1 (begun at 6 ms) and process 2 read 2 (begun at 7 ms) in the object, each side " +
        "seeing only its own, although the write of 1 by process 1 (0 ms to 5 ms) and the write of 2 by " +
        "process 2 (0 ms to 5 ms) had all been acknowledged before",
    );
    expect(nameOf("1 write 1 0..5\n2 write 2 0..5\n3 read = 1 6..7\n4 read = 2 8..9")).toBe(
      "split-brain",
    );
  });

  it("takes nodes for sides where the recorder names them", () => {
    const on = (nodes: string) =>
      apart
        .split("\n")
        .map((line, i) => line.replace(/ (?=\d+\.\.)/, ` on n${nodes[i]} `))
        .join("\n");
    expect(nameOf(on("1212"))).toBe("split-brain");
    expect(nameOf(on("1312"))).toBe("split-brain");
    expect(nameOf(on("1211"))).toBe("stale-read");
    expect(nameOf(on("1111"))).toBe("stale-read");
  });

  it("is not a reader that lags behind", () => {
    expect(nameOf("1 write 1 0..1\n2 write 2 2..3\n3 read = 2 4..5\n1 read = 1 6..7")).toBe(
      "stale-read",
    );
  });
});

describe("a new-old-inversion", () => {
  it("is a new value and then the old one, while the write is still in flight", () => {
    const text = "1 write 1 0..1\n2 write 2 2..20\n3 read = 2 4..5\n4 read = 1 6..7";
    const anomaly = anomalyOf("register", text);
    expect(anomaly.type).toBe("new-old-inversion");
    expect(anomaly.message).toBe(
      "process 3 found the newer 2 in the object by 5 ms, and after that process 4 read 1 in the object",
    );
  });

  it("may show the new value before or while the old one is written", () => {
    expect(nameOf("1 write 1 3..5\n2 write 2 0..20\n3 read = 2 6..7\n4 read = 1 8..9")).toBe(
      "new-old-inversion",
    );
  });

  it("is two pairs of reads that went opposite ways", () => {
    const anomaly = anomalyOf(
      "register",
      `
        1 write 1   0..20
        2 write 2   0..20
        3 read = 1  1..2
        4 read = 2  1..2
        3 read = 2  3..5
        4 read = 1  4..6
      `,
    );
    expect(anomaly.type).toBe("new-old-inversion");
    expect(anomaly.message).toContain(
      "although each value had been there before the other was found",
    );
  });
});

describe("a double-effect", () => {
  it("is a value that comes back, though it was written once", () => {
    const flips =
      "1 write 1 @x 0..20\n2 write 2 @x 0..20\n3 read = 1 @x 1..2\n4 read = 2 @x 3..4\n3 read = 1 @x 5..6";
    expect(anomalyOf("register", flips)).toEqual({
      type: "double-effect",
      message:
        "key x held 1, then 2, then 1 again (found by process 3, process 4, process 3), though 1 was " +
        "written once",
      ops: [0, 1, 2, 4, 6],
    });
  });
});

describe("non-linearizable", () => {
  it("is what fits no other name, with the values that were possible", () => {
    const text = `
      1 write 1   0..20
      2 write 1   0..20
      3 write 2   0..20
      4 write 2   0..20
      5 read = 1  1..2
      5 read = 2  3..4
      5 read = 1  5..6
      5 read = 2  7..8
      5 read = 1  9..10
    `;
    const violation = violationOf(timeline(text), null);
    const breaking = violation.operations.at(-1)!;
    expect(namesOf.register({ ...violation, breaking, possible: [2] })).toEqual({
      type: "non-linearizable",
      message:
        "no order of the operations on the object that respects real time explains the read of 1 by " +
        "process 5 (9 ms to 10 ms): the object could only hold 2 then",
      ops: [0, 1, 2, 3, 4, 6, 8, 10, 12],
    });
  });
});

describe("a key without appends", () => {
  it("may answer an empty text while it was never written", () => {
    expect(anomalyOf("kv", '1 put 1 0..1\n2 get = "" 2..3').type).toBe("stale-read");
    expect(anomalyOf("kv", '1 get = "" 0..1', 5).type).toBe("garbage-read");
    expect(anomalyOf("register", '1 get = "" 0..1').type).toBe("garbage-read");
  });

  it("is told nothing by an empty text that it may also hold", () => {
    const unclear = '2 get = "" 0..1\n1 put "" 2..3\n1 put 1 4..5\n1 put 2 6..7\n3 get = 1 8..9';
    expect(anomalyOf("kv", unclear).type).toBe("stale-read");
  });
});
