/**
 * Where the history of an object stopped being linearizable: the first return at which the events so
 * far have no explanation. A prefix of a linearizable history is linearizable, so there is one.
 */

import { PENDING } from "../../histories/columns.js";
import { NULL_ID } from "../../histories/values.js";
import { HarnessError } from "../../src/base/errors.js";
import { judgeObject, type ObjectVerdict } from "./judge-object.js";
import { type NamedView, selected } from "./object-views.js";
import type { ObjectType } from "./types.js";

export interface BreakingReturn {
  /** Of the view. */
  operation: number;
  /** Of the event; everything before it is linearizable if `exact`, else only it may be earlier. */
  position: number;
  exact: boolean;
  /** Operations of the view that contradict each other, where known, as they are at `position`. */
  core?: readonly number[];
}

/** Judgements before the answer is given up as inexact. */
const PROBES_MAX = 64;
const STEPS_MAX = 20_000_000;

/**
 * From the contradiction that was found the prefix before it is judged, and so on while there is
 * one: mostly once, each time O(n log n).
 */
export function breakingReturn(
  view: NamedView,
  type: ObjectType,
  violated: Extract<ObjectVerdict, { valid: false }>,
): BreakingReturn {
  let operation = lastReturn(view, violated);
  let core = violated.core;
  for (let probe = 0; probe <= PROBES_MAX; probe++) {
    const position = view.completed[operation]!;
    const found = { operation, position, ...(core === undefined ? {} : { core }) };
    if (probe === PROBES_MAX) return { ...found, exact: false };
    const { prefix, within } = prefixView(view, type, position - 1);
    const verdict = judgeObject(prefix, type, STEPS_MAX);
    if (verdict.valid !== false) return { ...found, exact: verdict.valid === true };
    operation = within[lastReturn(prefix, verdict)]!;
    core = verdict.core?.map((i) => within[i]!);
  }
  throw new HarnessError("a search for the breaking return without end");
}

function lastReturn(view: NamedView, violated: Extract<ObjectVerdict, { valid: false }>): number {
  if (violated.breaking !== undefined) return violated.breaking;
  let last = -1;
  for (const i of violated.core ?? view.ids.keys()) {
    const completed = view.completed[i]!;
    if (completed !== PENDING && (last === -1 || completed > view.completed[last]!)) last = i;
  }
  return last;
}

/** The view as it was at an event: later operations are gone, later returns pending. */
function prefixView(
  view: NamedView,
  { functions, reads }: ObjectType,
  position: number,
): { prefix: NamedView; within: Int32Array } {
  const isRead = functions.map((name) => reads.includes(name));
  const kept = new Int32Array(view.size);
  let size = 0;
  for (let i = 0; i < view.size && view.invoked[i]! <= position; i++) {
    if (view.completed[i]! <= position || isRead[view.f[i]!] !== true) kept[size++] = i;
  }
  const within = kept.subarray(0, size);
  const prefix = selected(view, within);
  for (let i = 0; i < size; i++) {
    if (prefix.completed[i]! <= position) continue;
    prefix.completed[i] = PENDING;
    prefix.output[i] = NULL_ID;
  }
  return { prefix, within };
}
