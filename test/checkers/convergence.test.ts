/** Who must agree in the end. */

import { describe, expect, it } from "vitest";
import { convergence } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => convergence.check(timeline(text));

describe("final reads of one key", () => {
  it("agree, or the replicas have diverged", () => {
    expect(judge("1 read = 1 @x 0..1 final\n2 read = 1 @x 0..1 final").valid).toBe(true);
    const { valid, anomalies } = judge("1 read = 1 @x 0..1 final\n2 read = 2 @x on n2 0..1 final");
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "divergence",
        message: "final reads of key x do not agree: 1 (process 1), 2 (process 2 at n2)",
        ops: [0, 1],
      },
    ]);
  });

  it("of different keys need not agree", () => {
    expect(judge("1 read = 1 @x 0..1 final\n2 read = 2 @y 0..1 final").valid).toBe(true);
  });

  it("by one process are judged by the last", () => {
    const late = "1 read = 1 0..1 final\n1 read = 2 2..3 final\n2 read = 2 0..1 final";
    expect(judge(late).valid).toBe(true);
  });

  it("say nothing while an acknowledged write is open", () => {
    const open = "1 write 2 0..9\n2 read = 1 1..2 final";
    expect(judge(`${open}\n3 read = 2 10..11 final`).valid).toBe(true);
    expect(judge(open).valid).toBe("unknown");
  });

  it("list the elements of a set in any order, and those of a list in theirs", () => {
    const reads = "1 read = [1,2] 4..5 final\n2 read = [2,1] 4..5 final";
    expect(judge(`1 add 1 0..1\n1 add 2 2..3\n${reads}`).valid).toBe(true);
    expect(judge(`1 append 1 0..1\n1 append 2 2..3\n${reads}`).valid).toBe(false);
  });
});

describe("without final reads", () => {
  it("nothing is known", () => {
    expect(judge("1 write 1 0..1\n1 read = 1 2..3").valid).toBe("unknown");
    expect(judge("1 write 1 0..?").valid).toBe("unknown");
    expect(judge("1 read 0..? final").valid).toBe("unknown");
  });

  it("replicas agree where nothing was changed for sure", () => {
    expect(judge("").valid).toBe(true);
    expect(judge("1 write 1 0..1 failed\n2 read = null 2..3").valid).toBe(true);
  });
});
