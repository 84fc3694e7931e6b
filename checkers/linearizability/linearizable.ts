/**
 * Linearizability (Herlihy & Wing 1990): every operation seems to take effect at one moment between
 * its invocation and its completion, as if on a single copy.
 *
 * A history is linearizable iff the history of each object is (locality), so keys are decided one by
 * one, the cheapest first, each with an equal share of the steps that are left: one hard key cannot
 * hide a violation of another. The budget counts steps and never time, so that a verdict repeats.
 */

import type { History } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, Checker, CheckOptions, Verdict } from "../checker.js";
import { keyName } from "../describe.js";
import { inferType, type ObjectHistory, type ObjectType, objectsOf, typeNamed } from "./types.js";

/** A few seconds on one core. */
export const STEPS_MAX = 20_000_000;

/** Objects whose violation is described; the search stops there. */
const VIOLATIONS_MAX = 8;

export interface LinearizableOptions extends CheckOptions {
  /** register, cas-register, kv, set, counter …; inferred from the functions when left out. */
  type?: string;
}

/**
 * A checker for one type of object. Options given to `check` win over those given here.
 * @throws UsageError for a type that does not exist; `check` throws it for a history whose
 * operations the type does not offer.
 */
export function linearizable(options: LinearizableOptions = {}): Checker {
  if (options.type !== undefined) typeNamed(options.type);
  return {
    name: "linearizable",
    summary: "every operation takes effect at one moment between invocation and completion",
    check: (history, { init = options.init, stepsMax = options.stepsMax } = {}) =>
      check(history, { type: options.type, init, stepsMax }),
  };
}

function check(history: History, options: CheckOptions & { type: string | undefined }): Verdict {
  const type = typeNamed(options.type ?? inferType(history));
  const objects = objectsOf(history, type, options.init ?? null);
  objects.sort((a, b) => a.operations.length - b.operations.length);
  const anomalies: Anomaly[] = [];
  const undecided: string[] = [];
  let stepsLeft = options.stepsMax ?? STEPS_MAX;
  let steps = 0;
  let decided = 0;
  for (const [i, object] of objects.entries()) {
    if (anomalies.length === VIOLATIONS_MAX) break;
    const share = Math.floor(stepsLeft / (objects.length - i));
    const verdict = type.decide(object, share);
    steps += verdict.steps;
    stepsLeft = Math.max(0, stepsLeft - verdict.steps);
    if (verdict.valid === "unknown") undecided.push(describeUndecided(object, verdict, history));
    else decided += 1;
    if (verdict.valid === false) anomalies.push(verdict.anomaly);
  }
  const notes = notesOf(type, objects.length, decided, steps);
  if (anomalies.length > 0) return { valid: false, anomalies, notes };
  if (undecided.length === 0) return { valid: true, anomalies, notes };
  const others = undecided.length === 1 ? "" : ` (and ${undecided.length - 1} more objects)`;
  return { valid: "unknown", anomalies, reason: `${undecided[0]}${others}`, notes };
}

function describeUndecided(
  { key }: ObjectHistory,
  { reason, position }: { reason: string; position: number },
  history: History,
): string {
  const total = history.events.length;
  return `${keyName(key)} is undecided: ${reason}; the events before event ${position} of ${total} are linearizable`;
}

function notesOf(
  type: ObjectType,
  objects: number,
  decided: number,
  steps: number,
): { [name: string]: Json } {
  return { type: type.name, objects, decided, steps };
}
