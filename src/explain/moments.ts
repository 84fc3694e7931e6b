/**
 * Where the likelihood is worth asking: where faults begin and end and where clients act and are
 * answered, as far as there is room, and a grid over the rest of the way to the anomaly.
 */

import type { ExplainedFault, ExplainedOperation } from "./explanation.js";
import { request } from "./words.js";

export interface Point {
  atUs: number;
  /** What happens there; null on the grid. */
  words: string | null;
}

export interface PointsRequest {
  faults: readonly ExplainedFault[];
  operations: readonly ExplainedOperation[];
  /** When the anomaly was complete. */
  endUs: number;
  count: number;
}

/**
 * About so many points from 0 to just after the end, in order; the two ends are always among them.
 * Right after each event rather than at it, so that what happened there is part of the past.
 */
export function pointsOf({ faults, operations, endUs, count }: PointsRequest): Point[] {
  const events: Point[] = [
    { atUs: endUs + 1, words: "the anomaly is complete" },
    ...faults.flatMap(({ kind, atUs, untilUs }, i) => [
      ...moment(atUs, `the ${kind} (fault ${i + 1}) has begun`),
      ...moment(untilUs, `the ${kind} (fault ${i + 1}) has ended`),
    ]),
    ...operations
      .toSorted((a, b) => Number(b.involved) - Number(a.involved))
      .flatMap((operation) => {
        const { process, completedUs, invokedUs, f, key, input } = operation;
        const what = `${request({ f, key, input })} of process ${process}`;
        return [
          ...moment(invokedUs, `the ${what} is invoked`),
          ...moment(completedUs, `the ${what} has ended`),
        ];
      }),
  ].filter(({ atUs }) => atUs <= endUs + 1);
  const points = new Map<number, Point>([[0, { atUs: 0, words: "the run begins" }]]);
  // A third is for the grid, so that long silences are seen, too.
  const eventsMax = Math.max(2, count - Math.floor(count / 3));
  for (const event of events) {
    if (points.size >= eventsMax) break;
    if (!points.has(event.atUs)) points.set(event.atUs, event);
  }
  const gridCount = Math.max(0, count - points.size);
  for (let i = 1; i <= gridCount; i++) {
    const atUs = Math.floor((endUs * i) / (gridCount + 1));
    if (!points.has(atUs)) points.set(atUs, { atUs, words: null });
  }
  return [...points.values()].sort((a, b) => a.atUs - b.atUs);
}

function moment(us: number | null, words: string): Point[] {
  return us === null ? [] : [{ atUs: us + 1, words }];
}
