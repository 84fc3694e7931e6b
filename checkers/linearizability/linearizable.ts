/**
 * Linearizability (Herlihy & Wing 1990): every operation seems to take effect at one moment between
 * its invocation and its completion, as if on a single copy.
 *
 * A history is linearizable iff the history of each object is (locality), so keys are decided one by
 * one: by an algorithm for the type where one applies, otherwise by the search. Each object has an
 * equal share of the steps, and what the easy ones leave goes to those that are undecided: one hard
 * key cannot hide a violation of another. The budget counts steps and never time, so that a verdict
 * repeats.
 */

import { type Columns, columnsOf } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, Checker, CheckOptions, Verdict } from "../checker.js";
import { keyName, show } from "../describe.js";
import { explain } from "./explain.js";
import { inferType, misfit } from "./infer.js";
import { judgeObject, type ObjectVerdict } from "./judge-object.js";
import { type NamedView, viewsOf } from "./object-views.js";
import { type ObjectType, typeNamed } from "./types.js";

/** A few seconds on one core. */
export const STEPS_MAX = 20_000_000;

/** Valid verdicts on objects of up to so many operations are certified unasked. */
const CERTIFIED_MAX = 100_000;

/** Objects whose violation is described. */
const VIOLATIONS_MAX = 8;

export interface LinearizableOptions extends CheckOptions {
  /** register, cas-register, kv, set, counter …; inferred from the functions when left out. */
  type?: string;
  /** "search" leaves the algorithms for single types out: the general engine decides alone. */
  algorithm?: "search";
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
    check: (history: History, { init = options.init, stepsMax = options.stepsMax } = {}) =>
      judgeColumns(columnsOf(history), {
        ...options,
        ...(init === undefined ? {} : { init }),
        ...(stepsMax === undefined ? {} : { stepsMax }),
      }),
  };
}

/**
 * The verdict on a history in columns.
 * @throws UsageError as `linearizable`.
 */
export function judgeColumns(columns: Columns, options: LinearizableOptions = {}): Verdict {
  const init = options.init ?? null;
  const type = typeNamed(options.type ?? inferType(columns, init));
  const views = objectsOf(columns, type, init);
  const verdicts = decideAll(views, type, options);
  return report(columns, type, views, verdicts);
}

/** @throws UsageError for what the type does not offer, or where another type fits and this does not. */
export function objectsOf(columns: Columns, type: ObjectType, init: Json): NamedView[] {
  const wrongInit = type.refuseInit(init);
  if (wrongInit !== undefined) throw new UsageError(`--init ${show(init)}: ${wrongInit}`);
  const advise = (): string => betterType(columns, type, init);
  const views = viewsOf(columns, type, init, advise);
  const wrong = misfit(type, columns, init);
  const advice = wrong === undefined ? "" : advise();
  if (advice !== "")
    throw new UsageError(`this is no history of a ${type.name}: ${wrong}${advice}`);
  return views;
}

function betterType(columns: Columns, type: ObjectType, init: Json): string {
  try {
    const better = inferType(columns, init);
    return better === type.name ? "" : `: try --type ${better}`;
  } catch {
    return "";
  }
}

/** Two rounds: an equal share for each, then what is left in equal shares for the undecided. */
function decideAll(
  views: readonly NamedView[],
  type: ObjectType,
  { stepsMax = STEPS_MAX, algorithm }: LinearizableOptions,
): ObjectVerdict[] {
  const judge = (view: NamedView, stepsMax: number): ObjectVerdict =>
    judgeObject(view, type, { stepsMax, algorithm, certify: view.size <= CERTIFIED_MAX });
  const share = Math.floor(stepsMax / Math.max(1, views.length));
  const verdicts = views.map((view) => judge(view, share));
  const undecided = verdicts.filter(({ valid }) => valid === "unknown").length;
  if (undecided === 0 || views.length === 1) return verdicts;
  const spent = verdicts.reduce((sum, { steps }) => sum + Math.min(steps, share), 0);
  const more = share + Math.floor((stepsMax - spent) / undecided);
  return verdicts.map((verdict, i) =>
    verdict.valid === "unknown" ? judge(views[i]!, more) : verdict,
  );
}

function report(
  columns: Columns,
  type: ObjectType,
  views: readonly NamedView[],
  verdicts: readonly ObjectVerdict[],
): Verdict {
  const notes = notesOf(type, verdicts);
  const anomalies: Anomaly[] = [];
  for (const [i, verdict] of verdicts.entries()) {
    if (verdict.valid !== false || anomalies.length === VIOLATIONS_MAX) continue;
    anomalies.push(explain(columns, type, views[i]!, verdict));
  }
  if (anomalies.length > 0) return { valid: false, anomalies, notes };
  const undecided = verdicts.flatMap((verdict, i) =>
    verdict.valid === "unknown" ? [describeUndecided(views[i]!, verdict, columns)] : [],
  );
  if (undecided.length === 0) return { valid: true, anomalies, notes };
  const others = undecided.length === 1 ? "" : ` (and ${undecided.length - 1} more objects)`;
  return { valid: "unknown", anomalies, reason: `${undecided[0]}${others}`, notes };
}

function describeUndecided(
  { key }: NamedView,
  { reason, position }: { reason: string; position: number },
  { eventCount }: Columns,
): string {
  return `${keyName(key)} is undecided: ${reason}; the events before event ${position} of ${eventCount} are linearizable`;
}

/** Which algorithms decided how many objects, and what that took. */
function notesOf(type: ObjectType, verdicts: readonly ObjectVerdict[]): { [name: string]: Json } {
  const algorithms: { [name: string]: number } = {};
  let [steps, decided] = [0, 0];
  for (const { valid, algorithm, steps: taken } of verdicts) {
    algorithms[algorithm] = (algorithms[algorithm] ?? 0) + 1;
    steps += taken;
    if (valid !== "unknown") decided += 1;
  }
  return { type: type.name, objects: verdicts.length, decided, steps, algorithms };
}
