/** Operations as a drawing of plain characters, nearest to the impossible one first: see lanes.ts. */

import type { Operation } from "../../../histories/history.js";
import { drawLanes } from "../../explain/lanes.js";
import { label } from "./label.js";

export interface TimelineOptions {
  /** Position of the invocation of the impossible operation. */
  breaking?: number;
  /** Characters; 100 unless told. */
  widthMax?: number;
  lanesMax?: number;
  operationsPerLaneMax?: number;
}

const LABEL_MAX = 28;

/** Lines of at most `widthMax` characters, joined. `operations` in order of invocation. */
export function timeline(operations: readonly Operation[], options: TimelineOptions = {}): string {
  const { breaking, widthMax, lanesMax, operationsPerLaneMax } = options;
  return drawLanes(operations, {
    labelOf: (operation) => label(operation, LABEL_MAX),
    labelMax: LABEL_MAX,
    noun: "operation",
    marked: breaking,
    widthMax,
    lanesMax,
    perLaneMax: operationsPerLaneMax,
  });
}
