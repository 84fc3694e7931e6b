/** What people read of an experiment: the form, its letters, and each comparison in a line. */

import type { Comparison, Judged } from "../experiment/judge.js";
import { tabulate } from "./terminal.js";

/** Lines beyond this are summed up; `--json` has them all. */
const LINES_MAX = 40;

export function textOf({ experiment, comparisons, holds }: Judged): string {
  const { name, summary, formula, quantities, source, assumes } = experiment;
  const letters = quantities.map(({ symbol, meaning, unit }) => [`  ${symbol}`, meaning, unit]);
  const shown = comparisons.slice(0, LINES_MAX);
  const left = comparisons.length - shown.length;
  const failed = comparisons.filter((one) => !one.holds);
  return [
    `${name}: ${summary}`,
    `  ${formula}    (${source})`,
    tabulate(["  where", "is", "in"], letters),
    ...(assumes === undefined ? [] : [`  taken for granted: ${assumes}`]),
    "",
    tabulate(
      ["  of", "at", "predicted", "measured", "95 % interval", "n", ""],
      shown.map((one) => [`  ${one.of}`, ...cells(one)]),
    ),
    ...(left > 0 ? [`  ... and ${left} more (see --json)`] : []),
    "",
    holds
      ? `  holds: ${comparisons.length} of ${comparisons.length} comparisons`
      : `  DOES NOT HOLD: ${failed.length} of ${comparisons.length} comparisons, the first: ${failed[0]?.of ?? "nothing was compared"} at ${place(failed[0])}`,
  ].join("\n");
}

function cells(one: Comparison): string[] {
  const { predicted, measured, interval, rSquared, n, holds } = one;
  const fit = rSquared === undefined ? "" : ` (R² ${rSquared.toFixed(4)})`;
  return [
    place(one),
    typeof predicted === "object"
      ? `${show(predicted[0])} .. ${show(predicted[1])}`
      : show(predicted),
    `${show(measured)}${fit}`,
    interval === undefined ? "exact" : `${show(interval[0])} .. ${show(interval[1])}`,
    String(n),
    holds ? "" : "<- not so",
  ];
}

function place(one: Comparison | undefined): string {
  return Object.entries(one?.at ?? {})
    .map(([symbol, value]) => `${symbol} = ${show(value)}`)
    .join(", ");
}

/** Numbers with as many digits as people read. */
function show(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
