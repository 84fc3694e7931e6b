/**
 * Operations as a drawing of plain characters, nearest to the impossible one first, with the faults
 * that there were meanwhile: see lanes.ts.
 */

import type { HistoryEvent, Operation } from "../../../histories/history.js";
import { faultLanes, type Labelled } from "../../explain/fault-lanes.js";
import { drawLanes } from "../../explain/lanes.js";
import { label } from "./label.js";

export interface TimelineOptions {
  /** Position of the invocation of the impossible operation. */
  breaking?: number;
  /** Characters; 100 unless told. */
  widthMax?: number;
  lanesMax?: number;
  operationsPerLaneMax?: number;
  /** What nodes and the nemesis recorded. */
  observations?: readonly HistoryEvent[];
}

const LABEL_MAX = 28;

/** Lines of at most `widthMax` characters, joined. `operations` in order of invocation. */
export function timeline(operations: readonly Operation[], options: TimelineOptions = {}): string {
  const { breaking, widthMax, lanesMax, operationsPerLaneMax, observations = [] } = options;
  const faults = faultLanes(observations, operations);
  return drawLanes([...operations.map(labelled), ...faults], {
    labelOf: ({ label: text }) => text,
    labelMax: LABEL_MAX,
    noun: "operation",
    marked: breaking,
    widthMax,
    lanesMax,
    perLaneMax: operationsPerLaneMax,
  });
}

function labelled(operation: Operation): Labelled {
  const { process, invoked, completed } = operation;
  return { process, invoked, completed, label: label(operation, LABEL_MAX) };
}
