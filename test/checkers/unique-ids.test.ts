/** Ids: whose, how many, and from where to where. */

import { describe, expect, it } from "vitest";
import { uniqueIds } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => uniqueIds.check(timeline(text));

describe("ids", () => {
  it("are counted as attempted and acknowledged, and told from lowest to highest", () => {
    const { valid, notes } = judge(
      "1 generate = 10 0..1\n2 generate = 9 0..1\n3 generate 0..?\n1 generate 4..5 failed",
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ attempted: 4, acknowledged: 2, duplicated: 0, range: [9, 10] });
  });

  it("handed out twice are duplicates, whatever an id is", () => {
    const { valid, anomalies, notes } = judge(
      '1 generate = ["n1",1] 0..1\n2 generate = ["n1",1] 0..1\n1 generate = ["n1",2] 4..5',
    );
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "duplicate-id",
        message: 'id ["n1",1] was handed out 2 times: to process 1, process 2',
        ops: [0, 1],
      },
    ]);
    expect(notes).toMatchObject({
      duplicated: 1,
      range: [
        ["n1", 1],
        ["n1", 2],
      ],
    });
  });

  it("beyond the precision of a double are told apart, and ordered as numbers", () => {
    const { valid, notes } = judge(
      '1 generate = "9007199254740993" 0..1\n2 generate = "10000000000000000000" 0..1',
    );
    expect(valid).toBe(true);
    expect(notes?.["range"]).toEqual(["9007199254740993", "10000000000000000000"]);
  });

  it("that nobody got are not judged", () => {
    expect(judge("1 generate 0..?")).toMatchObject({ valid: "unknown", notes: { range: null } });
  });
});
