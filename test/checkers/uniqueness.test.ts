import { describe, expect, it } from "vitest";
import { replication, uniqueness } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

describe("uniqueness", () => {
  const judge = (text: string) => uniqueness.check(timeline(text));

  it("lets one claim of a name succeed", () => {
    const text =
      '1 claim 1 @"x" 0..1\n2 claim 2 @"x" 2..3 failed\n3 claim 3 @"x" 4..?\n4 claim 4 @"y" 5..6';
    expect(judge(text).valid).toBe(true);
  });

  it("is violated by two owners of one name", () => {
    const { anomalies } = judge('1 claim 1 @"x" 0..1\n2 claim 2 @"x" 2..3');
    expect(anomalies.map(({ type }) => type)).toEqual(["uniqueness-violated"]);
  });

  it("lets nobody lose the name in the end", () => {
    const claim = '1 claim 1 @"x" 0..1\n';
    expect(judge(`${claim}2 read = 1 @"x" 9..10 final`).valid).toBe(true);
    expect(judge(`${claim}2 read = null @"x" 2..3`).valid).toBe(true);
    const { anomalies } = judge(`${claim}2 read = 7 @"x" 9..10 final`);
    expect(anomalies.map(({ type }) => type)).toEqual(["lost-write"]);
  });

  it("is nobody's loss who claims again what it has", () => {
    expect(judge('1 claim 1 @"x" 0..1\n1 claim 1 @"x" 2..3').valid).toBe(true);
  });

  it("lets nobody lose the name who has claimed it twice, from the first answer on", () => {
    const claims = '1 claim 1 @"x" 0..9\n2 claim 1 @"x" 1..2\n';
    expect(judge(`${claims}3 read = null @"x" 3..4 final`).valid).toBe(false);
  });

  it("is violated by two owners in the end, though nobody was told to have the name", () => {
    const claims = '1 claim 1 @"x" 0..?\n2 claim 2 @"x" 0..?\n3 claim 3 @"y" 0..1\n';
    const read = (value: number, when: string) => `3 read = ${value} @"x" ${when} final`;
    expect(judge(`${claims}${read(1, "4..5")}\n${read(1, "6..7")}`).valid).toBe(true);
    expect(judge(`${claims}${read(1, "4..5")}\n${read(2, "6..7")}`).valid).toBe(false);
  });

  it("is unknown where no claim succeeded", () => {
    expect(judge('1 claim 1 @"x" 0..?').valid).toBe("unknown");
  });
});

describe("replication", () => {
  const relayed = (times: number) => `n1 relayed {"change":"n2/0","times":${times}} ${times}`;

  it("may repeat itself a little, and not without end", () => {
    expect(replication.check(timeline([1, 2, 4].map(relayed).join("\n"))).valid).toBe(true);
    const { anomalies } = replication.check(timeline([1, 2, 4, 8].map(relayed).join("\n")));
    expect(anomalies.map(({ type }) => type)).toEqual(["replication-loop"]);
  });

  it("is unknown where clients alone were recorded", () => {
    expect(replication.check(timeline("1 write 1 @x 0..1")).valid).toBe("unknown");
  });
});
