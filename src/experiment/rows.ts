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
  const { kind, of, at, predicted, measured, interval, rSquared, n, holds } = one;
  const fit = kind === "slope" ? ` (R² ${rSquared?.toFixed(4) ?? "–"})` : "";
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
  return {
    of: grid[0]?.of ?? "",
    at: gridOf(values, grid.length),
    predicted: valuesOf(grid.map(({ predicted }) => predicted as string | number | boolean)),
    measured: `as predicted at all ${grid.length}`,
    interval: "exact",
    n: String(grid.length),
    holds: true,
  };
}

/** What is claimed at how many points; of many values how many there are, and the ends. */
function valuesOf(predicted: readonly (string | number | boolean)[]): string {
  const times = new Map<string | number | boolean, number>();
  for (const value of predicted) times.set(value, (times.get(value) ?? 0) + 1);
  if (times.size > LISTED_MAX) {
    const values = [...times.keys()].filter((value) => typeof value !== "boolean");
    return `${times.size} values, ${range(values)}`;
  }
  return [...times].map(([value, count]) => `${show(value)} at ${count}`).join(", ");
}

/** Which points there are: a grid is not always the whole product of what is varied. */
function gridOf(values: ReadonlyMap<string, ReadonlySet<string | number>>, points: number): string {
  const varied = [...values].map(([symbol, all]) => `${symbol} = ${range([...all])}`).join(", ");
  const product = [...values.values()].reduce((all, { size }) => all * size, 1);
  return points === product ? varied : `${points} of the ${product} combinations of ${varied}`;
}

function range(values: readonly (string | number)[]): string {
  if (values.length <= LISTED_MAX) return values.map(show).join("; ");
  const numbers = values.map(Number);
  if (numbers.some(Number.isNaN)) return values.map(show).join("; ");
  return `${show(Math.min(...numbers))} … ${show(Math.max(...numbers))}`;
}

/** Numbers with as many digits as people read. */
function show(value: string | number | boolean): string {
  if (typeof value !== "number") return String(value);
  const told = Number.isInteger(value) ? value : Number(value.toPrecision(5));
  return String(told).replaceAll("-", "−");
}
