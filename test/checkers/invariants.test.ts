/** Checkers of what nodes record about themselves, and of the smallest services. */

import { describe, expect, it } from "vitest";
import { agreement, conduct, echo, electionSafety, uniqueIds } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

describe("election safety", () => {
  const judge = (text: string) => electionSafety.check(timeline(text));

  it("allows one leader per term, however often it says so", () => {
    const leaders = 'n1 leader {"term":1} 0\nn1 leader {"term":1} 1\nn2 leader {"term":2} 2';
    expect(judge(leaders).valid).toBe(true);
  });

  it("is broken by two leaders in one term", () => {
    const { valid, anomalies } = judge(
      'n1 leader {"term":3} 0\n1 read 1..2\nn2 leader {"term":3} 3',
    );
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      { type: "two-leaders", message: "n1 and n2 were both leader in term 3", ops: [0, 3] },
    ]);
  });

  it("knows consensus groups apart", () => {
    const groups = 'n1 leader {"term":1,"group":"a"} 0\nn2 leader {"term":1,"group":"b"} 1';
    expect(judge(groups).valid).toBe(true);
  });

  it("is unknown when no node recorded anything", () => {
    expect(judge("1 read 0..1").valid).toBe("unknown");
  });
});

describe("agreement", () => {
  const judge = (text: string) => agreement.check(timeline(text));

  it("allows every node to record the same decision", () => {
    const decisions =
      'n1 decide {"slot":1,"value":"a"} 0\nn2 decide {"slot":1,"value":"a"} 1\nn2 decide {"slot":2,"value":"b"} 2';
    expect(judge(decisions).valid).toBe(true);
  });

  it("is broken by two decisions for one slot, even of one node", () => {
    const { valid, anomalies } = judge(
      'n1 decide {"slot":7,"value":"a"} 0\n1 read 1..2\nn1 decide {"slot":7,"value":"b"} 3',
    );
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "disagreement",
        message: 'n1 decided "a" for slot 7, and later it decided "b"',
        ops: [0, 3],
      },
    ]);
  });

  it("says what a value that names a request means", () => {
    const { anomalies } = judge(
      'n1 decide {"slot":7,"value":"no-op"} 0\nn4 decide {"slot":7,"value":"c26/752"} 1',
    );
    expect(anomalies[0]?.message).toBe(
      'n1 decided "no-op" for slot 7, n4 decided "c26/752" (c26/752 is request 752 of client c26)',
    );
  });

  it("knows consensus groups apart", () => {
    const groups =
      'n1 decide {"slot":1,"value":"a","group":"g"} 0\nn1 decide {"slot":1,"value":"b","group":"h"} 1';
    expect(judge(groups).valid).toBe(true);
  });

  it("is unknown when no node recorded a decision", () => {
    expect(judge("1 read 0..1").valid).toBe("unknown");
  });
});

describe("conduct", () => {
  const judge = (text: string) => conduct.check(timeline(text));

  it("is good when nothing was recorded", () => {
    expect(judge("1 read 0..1")).toEqual({ valid: true, anomalies: [] });
  });

  it.each([
    ["crashed", "node-crashed"],
    ["threw", "node-threw"],
    ["bad-message", "bad-message"],
    ["unknown-destination", "unknown-destination"],
    ["oversized-message", "oversized-message"],
    ["babbling", "babbling-node"],
    ["silent", "silent-node"],
    ["ate-homework", "ate-homework"],
  ])("names %s as %s", (kind, type) => {
    const { valid, anomalies } = judge(`n1 misconduct {"kind":"${kind}","detail":"why"} 0`);
    expect(valid).toBe(false);
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]).toMatchObject({ type, ops: [0] });
    expect(anomalies[0]!.message).toMatch(/^n1 .*: why$/);
  });

  it("counts what one node does again and again as one anomaly", () => {
    const line = 'n1 misconduct {"kind":"threw"}';
    const { anomalies } = judge(`${line} 0\n${line} 1\n${line.replace("n1", "n2")} 2`);
    expect(anomalies.map(({ message }) => message)).toEqual(["n1 threw (2 times)", "n2 threw"]);
  });
});

describe("echo", () => {
  const judge = (text: string) => echo.check(timeline(text));

  it("returns what it was sent", () => {
    expect(judge('1 echo {"echo":"hi"} = {"echo":"hi"} 0..1').valid).toBe(true);
    const { anomalies } = judge("1 echo hi = ho 0..1");
    expect(anomalies[0]).toMatchObject({ type: "wrong-echo", ops: [0] });
  });

  it("is unknown when nothing was answered", () => {
    expect(judge("1 echo hi 0..?").valid).toBe("unknown");
  });
});

describe("unique ids", () => {
  const judge = (text: string) => uniqueIds.check(timeline(text));

  it("are handed out once", () => {
    expect(judge("1 generate = 1 0..1\n2 generate = 2 0..1").valid).toBe(true);
    const { valid, anomalies } = judge("1 generate = [1] 0..1\n2 generate = [1] 2..3");
    expect(valid).toBe(false);
    expect(anomalies[0]).toMatchObject({ type: "duplicate-id", ops: [0, 2] });
  });

  it("are unknown when none was handed out", () => {
    expect(judge("1 generate 0..?").valid).toBe("unknown");
  });
});
