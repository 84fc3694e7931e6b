/**
 * Comparisons as people read them, a row each. What is claimed exactly at many points of a grid, and is
 * so at all of them, takes one row.
 */

import type { At } from "./experiment.js";
import type { Comparison } from "./judge.js";

export interface Row {
  of: string;
  at: string;
  predicted: string;
  measured: string;
  /** 95 %. */
  interval: string;
  n: string;
  holds: boolean;
}

/** So many points of one exact claim have a row each. */
const POINTS_MAX = 6;
/** So many values are listed; of more the first and the last are named. */
const LISTED_MAX = 4;

/** The rows, in the order of the comparisons. O(comparisons). */
export function rowsOf(comparisons: readonly Comparison[]): Row[] {
  const grids = new Map<string, Comparison[]>();
  for (const one of comparisons) {
    if (one.kind === "exact" && one.holds) grids.set(one.of, [...(grids.get(one.of) ?? []), one]);
  }
  return comparisons.flatMap((one) => {
    const grid = one.kind === "exact" && one.holds ? (grids.get(one.of) ?? []) : [];
    if (grid.length <= POINTS_MAX) return [rowOf(one)];
    return grid[0] === one ? [summary(grid)] : [];
  });
}

/** Where a comparison stands, in words. */
export function placeOf(at: At): string {
  return Object.entries(at)
    .map(([symbol, value]) => `${symbol} = ${show(value)}`)
    .join(", ");
}

function rowOf(one: Comparison): Row {
  const { of, at, predicted, measured, interval, rSquared, n, holds } = one;
  const fit = rSquared === undefined ? "" : ` (R² ${rSquared.toFixed(4)})`;
  return {
    of,
    at: placeOf(at),
    predicted:
      typeof predicted === "object"
        ? `${show(predicted[0])} .. ${show(predicted[1])}`
        : show(predicted),
    measured: `${show(measured)}${fit}`,
    interval: interval === undefined ? "exact" : `${show(interval[0])} .. ${show(interval[1])}`,
    n: String(n),
    holds,
  };
}

function summary(grid: readonly Comparison[]): Row {
  const values = new Map<string, Set<string | number>>();
  for (const { at } of grid) {
    for (const [symbol, value] of Object.entries(at)) {
      values.set(symbol, (values.get(symbol) ?? new Set()).add(value));
    }
  }
  const predicted = new Map<string, number>();
  for (const one of grid) {
    const told = show(one.predicted as string | number | boolean);
    predicted.set(told, (predicted.get(told) ?? 0) + 1);
  }
  const told = [...predicted].map(([value, times]) => `${value} at ${times}`).join(", ");
  return {
    of: grid[0]?.of ?? "",
    at: [...values].map(([symbol, all]) => `${symbol} = ${range([...all])}`).join(", "),
    predicted: predicted.size <= LISTED_MAX ? told : `${predicted.size} values`,
    measured: `the same at all ${grid.length}`,
    interval: "exact",
    n: String(grid.length),
    holds: true,
  };
}

function range(values: readonly (string | number)[]): string {
  if (values.length <= LISTED_MAX) return values.map(show).join("; ");
  const numbers = values.map(Number);
  if (numbers.some(Number.isNaN)) return `${values.length} of them`;
  return `${show(Math.min(...numbers))} … ${show(Math.max(...numbers))}`;
}

/** Numbers with as many digits as people read. */
function show(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
