import { describe, expect, test } from "vitest";
import type { Experiment, Finding } from "../../src/experiment/experiment.js";
import { judge } from "../../src/experiment/judge.js";

const plot = { title: "", x: { label: "x" }, y: { label: "y" }, series: [] };

function judged(...findings: Finding[]) {
  const experiment = { name: "made-up" } as Experiment;
  const [one] = judge([{ experiment, outcome: { findings, plot } }]);
  if (one === undefined) throw new Error("nothing was judged");
  return one;
}

const mean = (predicted: number, samples: number[]): Finding => ({
  kind: "mean",
  of: "x",
  at: {},
  predicted,
  samples,
});

describe("what is measured holds", () => {
  test("where every interval has what was predicted in it", () => {
    expect(judged(mean(3, [1, 2, 3, 4, 5])).holds).toBe(true);
    expect(judged(mean(30, [1, 2, 3, 4, 5])).holds).toBe(false);
    expect(judged(mean(3, [1, 2, 3, 4, 5]), mean(300, [1, 2, 3, 4, 5])).holds).toBe(false);
  });

  test("to the letter, where the claim is exact", () => {
    const exact = (measured: boolean): Finding => ({
      kind: "exact",
      of: "safe",
      at: {},
      predicted: true,
      measured,
    });
    expect(judged(exact(true)).holds).toBe(true);
    expect(judged(exact(false)).holds).toBe(false);
  });

  test("where a slope can lie within the bounds of its growth", () => {
    const slope = (predicted: readonly [number, number]): Finding => ({
      kind: "slope",
      of: "growth",
      at: {},
      predicted,
      points: [
        [0, 0],
        [1, 2],
        [2, 4],
        [3, 6],
      ],
    });
    expect(judged(slope([1, 3])).holds).toBe(true);
    expect(judged(slope([2.1, 3])).holds).toBe(false);
  });

  test("where a mean or a share can lie within its bounds", () => {
    const share = (predicted: readonly [number, number]): Finding => ({
      kind: "share",
      of: "hits",
      at: {},
      predicted,
      hits: 500,
      trials: 1_000,
    });
    expect(judged(share([0.45, 0.48])).holds).toBe(true);
    expect(judged(share([0.2, 0.3])).holds).toBe(false);
    const samples = [1, 2, 3, 4, 5];
    expect(judged({ kind: "mean", of: "x", at: {}, predicted: [4, 9], samples }).holds).toBe(true);
    expect(judged({ kind: "mean", of: "x", at: {}, predicted: [40, 90], samples }).holds).toBe(
      false,
    );
  });

  test("never, where nothing was compared", () => {
    expect(judged().holds).toBe(false);
  });
});

test("the more is compared in one call, the wider each interval of the verdict, and none that is shown", () => {
  const samples = [1, 2, 3, 4, 5];
  const [alone] = judged(mean(3, samples)).comparisons;
  const [among] = judged(...Array.from({ length: 50 }, () => mean(3, samples))).comparisons;
  const width = (interval: readonly [number, number] = [0, 0]): number => interval[1] - interval[0];
  expect(width(among?.familyInterval)).toBeGreaterThan(width(alone?.familyInterval));
  expect(among?.interval).toEqual(alone?.interval);
  expect(width(alone?.familyInterval)).toBeGreaterThan(width(alone?.interval));
});
