/** Lanes of text drawings for what the nemesis did meanwhile: see lanes.ts. */

import type { HistoryEvent } from "../../histories/history.js";
import { faultsIn } from "./faults.js";
import type { Interval } from "./layout.js";

export interface Labelled extends Interval {
  label: string;
}

const WINDOWS_MAX = 6;
const MARKS_MAX = 6;
const MARKS_LANE = "nemesis";

/** What touches the span of some intervals: a lane for each kind of fault, two of a kind that overlap have a lane each. */
export function faultLanes(
  observations: readonly HistoryEvent[],
  intervals: readonly Interval[],
): Labelled[] {
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (const { invoked, completed } of intervals) {
    first = Math.min(first, invoked);
    last = Math.max(last, Number.isFinite(completed) ? completed : invoked);
  }
  const { windows, moments } = faultsIn(observations);
  const lanes = new Map<string, number>();
  const faults = windows
    .filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= last && to >= first)
    .slice(0, WINDOWS_MAX)
    .map(({ kind, from, to = Number.POSITIVE_INFINITY }): Labelled => {
      let lane = kind;
      for (let i = 2; (lanes.get(lane) ?? -1) > from; i++) lane = `${kind} ${i}`;
      lanes.set(lane, to);
      return { process: lane, invoked: from, completed: to, label: kind };
    });
  const marks = moments
    .filter(({ label, position }) => label !== undefined && position >= first && position <= last)
    .slice(0, MARKS_MAX)
    // A mark ends before anything else happens.
    .map(({ label = "", position }): Labelled => {
      return { process: MARKS_LANE, invoked: position, completed: position + 0.5, label };
    });
  return [...faults, ...marks];
}
