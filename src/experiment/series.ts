/** What plots are made of: a predicted curve, and measured points with their intervals. */

import type { PlotPoint, Series } from "./experiment.js";
import { type Estimate, meanOf, shareOf } from "./statistics.js";

/** What people read beside a measured value. */
const SHOWN = 0.95;

/** A curve through the values of a form at these places. */
export function curve(name: string, xs: readonly number[], form: (x: number) => number): Series {
  return { name, kind: "predicted", points: xs.map((x) => ({ x, y: form(x) })) };
}

export function scatter(name: string, points: readonly PlotPoint[]): Series {
  return { name, kind: "measured", points };
}

/** @throws RangeError for fewer than two samples. */
export function meanPoint(x: number, samples: readonly number[]): PlotPoint {
  return pointOf(x, meanOf(samples, SHOWN));
}

/** @throws RangeError where there are no trials. */
export function sharePoint(x: number, hits: number, trials: number): PlotPoint {
  return pointOf(x, shareOf(hits, trials, SHOWN));
}

function pointOf(x: number, { value, low, high }: Estimate): PlotPoint {
  return { x, y: value, interval: [low, high] };
}
