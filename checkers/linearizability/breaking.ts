/**
 * Where the history of an object stopped being linearizable: the first return at which the events so
 * far have no explanation. A prefix of a linearizable history is linearizable, so there is one.
 */

import { PENDING } from "../../histories/columns.js";
import { NULL_ID } from "../../histories/values.js";
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

/** For all judgements together; an undecided prefix counts as sound, and the answer as inexact. */
const STEPS_MAX = 20_000_000;

/**
 * The contradiction that was found says where to look first: mostly the prefix up to its last return
 * has no explanation and the one before has one. Otherwise by bisection. O(log n) judgements.
 */
export function breakingReturn(
  view: NamedView,
  type: ObjectType,
  violated: Extract<ObjectVerdict, { valid: false }>,
): BreakingReturn {
  const { breaking, isFirst } = violated;
  if (breaking !== undefined && isFirst === true) {
    return { operation: breaking, position: view.completed[breaking]!, exact: true };
  }
  const returns = byReturn(view);
  let stepsLeft = STEPS_MAX;
  let exact = true;
  let broken = returns.length - 1;
  let core = violated.core;
  let sound = -1;
  /** Judges the prefix that ends with a return, and moves one of the bounds there. */
  const probe = (at: number): void => {
    const { prefix, within } = prefixView(view, type, view.completed[returns[at]!]!);
    const verdict = judgeObject(prefix, type, Math.floor(stepsLeft / 2));
    stepsLeft -= Math.min(stepsLeft, verdict.steps);
    if (verdict.valid === false) {
      broken = at;
      core = verdict.core?.map((i) => within[i]!);
    } else {
      sound = at;
      exact &&= verdict.valid === true;
    }
  };
  const guess = returns.indexOf(lastReturn(view, violated));
  if (guess < broken) probe(guess);
  if (broken - 1 > sound) probe(broken - 1);
  while (broken - sound > 1) probe((sound + broken) >> 1);
  const operation = returns[broken]!;
  const position = view.completed[operation]!;
  return { operation, position, exact, ...(core === undefined ? {} : { core }) };
}

/** The completed operations, in order of their returns. */
function byReturn({ size, completed }: NamedView): Int32Array {
  const returned: number[] = [];
  for (let i = 0; i < size; i++) if (completed[i] !== PENDING) returned.push(i);
  return Int32Array.from(returned).sort((a, b) => completed[a]! - completed[b]!);
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
