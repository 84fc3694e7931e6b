/** What nodes record of requests and retries, written by hand: what is held against it, and what is not. */

import { describe, expect, it } from "vitest";
import { goodput } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { recorded } from "./timeline.js";

const SECOND = 1e9;

/** "time process f": value. */
function judge(
  lines: readonly (readonly [atS: number, process: string, f: string, value: Json])[],
) {
  const events = lines.map(([atS, process, f, value]): HistoryEvent => {
    return { index: 0, time: atS * SECOND, process, type: "info", f, value };
  });
  const verdict = goodput.check(recorded(events));
  return { valid: verdict.valid, types: [...new Set(verdict.anomalies.map(({ type }) => type))] };
}

const fine = [9, "n1", "goodput", { asked: 100, answered: 100 }] as const;
const sound = { valid: true, types: [] };

const waits = (node: string, parts: readonly number[]) =>
  parts.map((part) => [1, node, "retry", { waitMs: part * 40, ofMs: 40 }] as const);

const drawn = [0.1, 0.7, 0.3, 0.9, 0.2, 0.5, 0.4, 0.6];

describe("goodput", () => {
  it("may be nothing while there are faults, and shortly after", () => {
    const lost = { asked: 500, answered: 0 };
    const lines = [
      [1, "nemesis", "pause", {}],
      [2, "n1", "goodput", lost],
      [4, "nemesis", "pause-end", {}],
      [6, "n1", "goodput", lost],
    ] as const;
    expect(judge([...lines, fine])).toEqual(sound);
  });

  it("collapses where most requests are not answered long after", () => {
    const lines = [
      [4, "nemesis", "pause-end", {}],
      [8, "n1", "goodput", { asked: 60, answered: 20 }],
      [8, "n2", "goodput", { asked: 60, answered: 30 }],
    ] as const;
    expect(judge(lines)).toEqual({ valid: false, types: ["goodput-collapse"] });
  });

  it("is that of all front ends together, and of enough requests", () => {
    const bad = [8, "n1", "goodput", { asked: 60, answered: 20 }] as const;
    expect(judge([bad, fine])).toEqual(sound);
    expect(judge([[8, "n1", "goodput", { asked: 49, answered: 0 }]])).toEqual(sound);
  });

  it("is unknown where nobody records it", () => {
    expect(judge([]).valid).toBe("unknown");
  });
});

describe("attempts", () => {
  const attempts = (names: readonly string[]) =>
    names.map((attempt) => [1, "n1", "attempt", { request: "r", attempt }] as const);

  it("are three at most, however often each arrives", () => {
    expect(judge([fine, ...attempts(["1.1", "1.1", "2.1", "3.1", "2.1"])])).toEqual(sound);
  });

  it("multiply where two layers try again", () => {
    const verdict = { valid: false, types: ["retry-amplification"] };
    expect(judge([fine, ...attempts(["1.1", "1.2", "2.1", "2.2"])])).toEqual(verdict);
  });
});

describe("waits", () => {
  const inStep = { valid: false, types: ["synchronised-retries"] };

  it("are drawn apart", () => {
    const other = [...drawn].reverse();
    expect(judge([fine, ...waits("n1", drawn), ...waits("n2", other)])).toEqual(sound);
  });

  it("are in step where they are all the same, or the same on two nodes", () => {
    expect(judge([fine, ...waits("n1", Array(8).fill(1))])).toEqual(inStep);
    expect(judge([fine, ...waits("n1", drawn), ...waits("n2", drawn)])).toEqual(inStep);
  });

  it("say nothing where there are few", () => {
    const few = drawn.slice(0, 7);
    expect(judge([fine, ...waits("n1", few), ...waits("n2", few)])).toEqual(sound);
  });
});
