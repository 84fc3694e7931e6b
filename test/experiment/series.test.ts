import { expect, test } from "vitest";
import { curve, meanPoint, scatter, sharePoint } from "../../src/experiment/series.js";
import { meanOf, shareOf } from "../../src/experiment/statistics.js";

test("a curve goes through the values of its form", () => {
  expect(curve("x²", [1, 2, 3], (x) => x * x)).toEqual({
    name: "x²",
    kind: "predicted",
    points: [
      { x: 1, y: 1 },
      { x: 2, y: 4 },
      { x: 3, y: 9 },
    ],
  });
});

test("points have the 95 % intervals of what they show", () => {
  const mean = meanOf([1, 2, 3, 4], 0.95);
  const share = shareOf(3, 10, 0.95);
  expect(scatter("both", [meanPoint(1, [1, 2, 3, 4]), sharePoint(2, 3, 10)]).points).toEqual([
    { x: 1, y: mean.value, interval: [mean.low, mean.high] },
    { x: 2, y: share.value, interval: [share.low, share.high] },
  ]);
});
