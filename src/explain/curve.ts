/**
 * The likelihood over time as a drawing: a column for each stretch of time, as high as the share of
 * failing futures at the latest point in it; the last known height goes on where no point is.
 */

import type { LikelihoodPoint } from "./explanation.js";
import { seconds } from "./words.js";

const WIDTH = 64;
const HEIGHT = 5;
/** Eighths of a character cell. */
const BLOCKS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const EIGHTHS = 8;

export function curve(series: readonly LikelihoodPoint[], width = WIDTH): string {
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return "";
  const spanUs = Math.max(1, last.atUs - first.atUs);
  const columnOf = (atUs: number): number =>
    Math.min(width - 1, Math.floor(((atUs - first.atUs) * width) / spanUs));
  const heights: number[] = [];
  for (const { atUs, failing, futures } of series) {
    const column = columnOf(atUs);
    while (heights.length < column) heights.push(heights.at(-1) ?? 0);
    const share = failing / futures;
    // What is not nothing is seen.
    heights[column] = failing === 0 ? 0 : Math.max(1, Math.round(share * HEIGHT * EIGHTHS));
  }
  const rows = Array.from({ length: HEIGHT }, (_, row) => {
    const floor = (HEIGHT - 1 - row) * EIGHTHS;
    const cells = heights.map((height) => BLOCKS[Math.max(0, Math.min(EIGHTHS, height - floor))]);
    const label = row === 0 ? "100 %" : row === HEIGHT - 1 ? "  0 %" : "     ";
    return `${label} │${cells.join("")}`.trimEnd();
  });
  const [from, to] = [seconds(first.atUs), seconds(last.atUs)];
  const gap = " ".repeat(Math.max(1, width - from.length - to.length));
  return [...rows, `      └${"─".repeat(width)}`, `       ${from}${gap}${to}`].join("\n");
}
