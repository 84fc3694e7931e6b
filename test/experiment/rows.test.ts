import { expect, test } from "vitest";
import type { Comparison } from "../../src/experiment/judge.js";
import { rowsOf } from "../../src/experiment/rows.js";

function exact(n: number, holds = true): Comparison {
  return {
    kind: "exact",
    of: "safe",
    at: { N: n, q: 1 },
    predicted: n < 3,
    measured: n < 3 === holds,
    n: 1,
    holds,
  };
}

const mean: Comparison = {
  kind: "mean",
  of: "T",
  at: { N: 3 },
  predicted: 1 / 3,
  measured: 0.25,
  interval: [0.2, 0.4],
  n: 10,
  holds: true,
};

test("a few points have a row each, and what is estimated has its interval", () => {
  expect(rowsOf([mean, exact(1)])).toEqual([
    {
      of: "T",
      at: "N = 3",
      predicted: "0.33333",
      measured: "0.25",
      interval: "0.2 .. 0.4",
      n: "10",
      holds: true,
    },
    {
      of: "safe",
      at: "N = 1, q = 1",
      predicted: "true",
      measured: "true",
      interval: "exact",
      n: "1",
      holds: true,
    },
  ]);
});

test("a grid on which an exact claim holds is one row, and a point where it does not has its own", () => {
  const grid = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => exact(n));
  const rows = rowsOf([...grid.slice(0, 4), mean, exact(9, false), ...grid.slice(4)]);
  expect(rows.map(({ of, at, predicted, n, holds }) => [of, at, predicted, n, holds])).toEqual([
    ["safe", "N = 1 … 8, q = 1", "true at 2, false at 6", "8", true],
    ["T", "N = 3", "0.33333", "10", true],
    ["safe", "N = 9, q = 1", "false", "1", false],
  ]);
});

test("a grid that is no full product says how many of its combinations it has, and many values by their ends", () => {
  const grid = [1, 2, 3, 4, 5, 6, 7].map(
    (n): Comparison => ({ ...exact(n), at: { N: n, q: n % 2 }, predicted: -n, measured: -n }),
  );
  expect(rowsOf(grid)).toMatchObject([
    {
      at: "7 of the 14 combinations of N = 1 … 7, q = 1; 0",
      predicted: "7 values, −7 … −1",
      measured: "as predicted at all 7",
    },
  ]);
});

test("bounds are shown as such, and a fit with its R²", () => {
  const slope: Comparison = { ...mean, kind: "slope", predicted: [1, 2], rSquared: 0.98765 };
  const [row] = rowsOf([slope]);
  expect(row).toMatchObject({ predicted: "1 .. 2", measured: "0.25 (R² 0.9877)" });
  const { rSquared: _, ...constant } = slope;
  expect(rowsOf([constant])).toMatchObject([{ measured: "0.25 (R² –)" }]);
});
