/**
 * Where a failing run and a passing one part: the first event that differs at all, and the first
 * difference that is more than another time, which is where the change begins to matter. O(events).
 */

import { canonical } from "../base/json.js";
import type { Fault } from "../plan/fault.js";
import type { TraceRecord } from "../sim/trace.js";
import type { Divergence, Parting } from "./explanation.js";
import { lineOf } from "./trace-lines.js";
import { instant } from "./words.js";

/** Events shown before the place, and from it on. */
const BEFORE = 3;
const AFTER = 5;

type Trace = readonly TraceRecord[];

/**
 * Undefined when the two traces are the same.
 * @param faults of the plan that fails.
 */
export function partingOf(
  failing: Trace,
  passing: Trace,
  faults: readonly Fault[],
): Parting | undefined {
  // A fault put in to keep a message back is not what is looked for: the message is.
  const isPutIn = ({ kind, who }: TraceRecord): boolean =>
    kind === "fault" && /^hold(?:-end)?$/.test(who) && !faults.some((one) => one.kind === "hold");
  const after = passing.filter((record) => !isPutIn(record));
  const place = firstDifference(failing, after, whole);
  if (place === undefined) return undefined;
  const [a, b] = [failing.filter(ofTheRun), passing.filter(ofTheRun)];
  const later = firstDifference(a, b, content);
  return {
    first: divergence(failing, after, place),
    consequence: later === undefined ? null : divergence(a, b, later),
  };
}

/** Faults are what the plans say, and not what came of it. */
function ofTheRun({ kind }: TraceRecord): boolean {
  return kind !== "fault" && kind !== "harness";
}

function whole({ timeUs, kind, who, detail, effects }: TraceRecord): string {
  return canonical([timeUs, kind, who, detail ?? null, effects ?? []]);
}

function content({ kind, who, detail, effects }: TraceRecord): string {
  return canonical([kind, who, detail ?? null, effects ?? []]);
}

function firstDifference(
  a: Trace,
  b: Trace,
  as: (record: TraceRecord) => string,
): number | undefined {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined || as(one) !== as(other)) return i;
  }
  return undefined;
}

function divergence(failing: Trace, passing: Trace, place: number): Divergence {
  const from = Math.max(0, place - BEFORE);
  const around = (trace: Trace) => trace.slice(from, place + AFTER).map(lineOf);
  return {
    words: `${told(failing[place])} where it fails, ${told(passing[place])} where it passes`,
    failing: around(failing),
    passing: around(passing),
    failingAt: place - from,
    passingAt: place - from,
  };
}

function told(record: TraceRecord | undefined): string {
  if (record === undefined) return "the run is over";
  const { timeUs, kind, who, text } = lineOf(record);
  return `${instant(timeUs)} ${kind} ${who}${text === "" ? "" : ` (${text})`}`;
}
