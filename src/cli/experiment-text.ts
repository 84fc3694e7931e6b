/** What people read of an experiment: the form, its letters, and each comparison in a line. */

import type { Judged } from "../experiment/judge.js";
import { placeOf, rowsOf } from "../experiment/rows.js";
import { tabulate } from "./terminal.js";

/** Lines beyond this are left to `--json`. */
const LINES_MAX = 40;

export function textOf({ experiment, comparisons, holds }: Judged): string {
  const { name, summary, formula, quantities, source, assumes } = experiment;
  const letters = quantities.map(({ symbol, meaning, unit }) => [`  ${symbol}`, meaning, unit]);
  const rows = rowsOf(comparisons);
  const shown = rows.slice(0, LINES_MAX);
  const left = rows.length - shown.length;
  const failed = comparisons.filter((one) => !one.holds);
  return [
    `${name}: ${summary}`,
    `  ${formula}    (${source})`,
    tabulate(["  where", "is", "in"], letters),
    ...(assumes === undefined ? [] : [`  taken for granted: ${assumes}`]),
    "",
    tabulate(
      ["  of", "at", "predicted", "measured", "95 % interval", "n", ""],
      shown.map(({ of, at, predicted, measured, interval, n, holds }) => [
        `  ${of}`,
        at,
        predicted,
        measured,
        interval,
        n,
        holds ? "" : "<- not so",
      ]),
    ),
    ...(left > 0 ? [`  ... and ${left} more (see --json)`] : []),
    "",
    holds
      ? `  holds: ${comparisons.length} of ${comparisons.length} comparisons`
      : `  DOES NOT HOLD: ${failed.length} of ${comparisons.length} comparisons, the first: ${failed[0]?.of ?? "nothing was compared"} at ${placeOf(failed[0]?.at ?? {})}`,
  ].join("\n");
}
