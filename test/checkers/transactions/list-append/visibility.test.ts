/** Who has been seen is seen whole: read skews that are no cycle of a weaker class. */

import { describe, expect, it } from "vitest";
import { analyseListAppend } from "../../../../checkers/transactions/list-append/analysis.js";
import { transactionsOf } from "../../../../histories/index.js";
import { history } from "../notation.js";

function analysed(text: string) {
  return analyseListAppend(transactionsOf(history(text, { service: "list-append" })));
}

const levels = ["monotonic-atomic-view", "read-atomic", "causal"] as const;

/** The levels that a history keeps. */
function keptBy(text: string): string[] {
  const { visibility } = analysed(text);
  return levels.filter((level) => visibility(level, 1e6) === true);
}

describe("visibility", () => {
  it("is kept by those who see a transaction whole or not at all", () => {
    expect(keptBy("ax1ay1 | rx1ry1 | rxry | ax2ay2 | rx12ry12")).toEqual(levels);
  });

  it("is lost by a read after that of another effect", () => {
    expect(keptBy("ax1ay1 | rx1ry")).toEqual([]);
    expect(analysed("ax1ay1 | rx1ry").visibility("monotonic-atomic-view", 1e6)).toMatchObject([
      { type: "observed-transaction-vanishes", transactions: [1, 0], micros: [3, 1, 2, 0] },
    ]);
  });

  it("is monotonic when the other effect was seen only afterwards", () => {
    expect(keptBy("ax1ay1 | ryrx1")).toEqual(["monotonic-atomic-view"]);
    expect(analysed("ax1ay1 | ryrx1").visibility("read-atomic", 1e6)).toMatchObject([
      {
        ...{ type: "fractured-read", transactions: [1, 0] },
        message:
          "process 1's transaction of event 1 read 1 of key x, which process 0's transaction of event 0 appended, but [] of key y, without 1 of the same transaction",
      },
    ]);
  });

  it("includes transactions in the middle of a list that was read", () => {
    expect(keptBy("ax1ay1 | ax2 | ryrx12")).toEqual(["monotonic-atomic-view"]);
    expect(keptBy("ax1ay1 | ax2 | rx12ry")).toEqual([]);
  });

  it("includes versions beyond the one that was missed first", () => {
    expect(keptBy("ax1 | ax2ay1 | ryax3 | rx123 | ry1rx")).toEqual([]);
    expect(keptBy("ax1 | ax2ay1 | rx12 | rxry1")).toEqual(["monotonic-atomic-view"]);
  });

  it("includes causes of causes", () => {
    expect(keptBy("ax1 | rx1ay1 | ry1rx")).toEqual(["monotonic-atomic-view", "read-atomic"]);
    expect(analysed("ax1 | rx1ay1 | ry1rx").visibility("causal", 1e6)).toMatchObject([
      {
        ...{ type: "causal-violation", transactions: [2, 1, 0] },
        message:
          "process 2's transaction of event 2 read [] of key x without 1 of process 0's transaction of event 0, although it had read 1 of key y by process 1's transaction of event 1, which had read 1 of key x by process 0's transaction of event 0",
      },
    ]);
  });

  it("shows the shortest way to a cause", () => {
    const text = "ax1 | rx1ay1 | ry1az1 | rz1at1 | rx1at2 | rt12rx";
    expect(analysed(text).visibility("causal", 1e6)).toMatchObject([{ transactions: [5, 4, 0] }]);
  });

  it("includes appends that nobody read", () => {
    expect(keptBy("ax1ay1 | rx1ry | ay2")).toEqual([]);
    expect(keptBy("ax1ay9 | rx1az1 | rz1ry")).toEqual(["monotonic-atomic-view", "read-atomic"]);
    expect(keptBy("ax1ay2 | ay1 | ry1rx1")).toEqual(["monotonic-atomic-view"]);
  });

  it("is no matter of the transaction whose version was read", () => {
    expect(keptBy("ax1ax2 | rx2")).toEqual(levels);
    expect(keptBy("ax1ax2 | rx2ay1 | ry1rx2")).toEqual(levels);
  });

  it("is no matter of a transaction's own appends", () => {
    expect(keptBy("ax1rx1ry | ay1")).toEqual(levels);
    expect(keptBy("ax1ay1 | rx1ay2ry12")).toEqual(levels);
  });

  it("does not follow what transactions of unknown outcome read", () => {
    expect(keptBy("ax1 | info rx?ay1 | ry1rx")).toEqual(levels);
  });

  it("is not decided where the history is not read-committed", () => {
    expect(analysed("fail ax1 | rx1").visibility("causal", 1e6)).toBe("unknown");
    expect(analysed("ax1ry1 | ay1rx1").visibility("read-atomic", 1e6)).toBe("unknown");
  });

  it("is not decided when the steps do not suffice, and then costs no more", () => {
    const { visibility } = analysed("ax1ay1 | ryrx1");
    expect(visibility("read-atomic", 1)).toBe("unknown");
    expect(visibility("causal", 1)).toBe("unknown");
    expect(visibility("causal", 1000)).not.toBe("unknown");
  });

  it("is decided for more keys than are carried at once", () => {
    const keys = [..."abcdefghijklmnopqrstuvw"];
    const first = keys.map((key) => `a${key}1`).join(" ");
    const stale = keys.map((key) => `ry1r${key}`).join(" | ");
    const found = analysed(`${first} | ra1ay1 | ${stale}`).visibility("causal", 1e6);
    expect(Array.isArray(found) && found.map(({ transactions: [t] }) => t)).toEqual(
      keys.map((_, i) => i + 2),
    );
  });
});
