/**
 * One history under judgement: its objects, what is known of each, and what is left to search.
 *
 * Each object that needs the search has an equal share of the steps, and what the easy ones leave
 * goes to those that are undecided: one hard key cannot hide a violation of another. The budget
 * counts steps and never time, and shares do not depend on the order in which searches end, so that
 * a verdict repeats.
 */

import type { Columns } from "../../histories/columns.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, CheckOptions, Verdict } from "../checker.js";
import { keyName, show } from "../describe.js";
import { customType, type SequentialModel } from "./custom.js";
import { explain, unexplained } from "./explain.js";
import { inferType, misfit } from "./infer.js";
import { byAlgorithm, bySearch, type ObjectVerdict, SEARCH, verified } from "./judge-object.js";
import { type NamedView, viewsOf } from "./object-views.js";
import { type PackedTask, pack } from "./packed.js";
import { type ObjectType, typeNamed } from "./types.js";

/** A few seconds on one core; big histories have some more. */
export const STEPS_MAX = 20_000_000;
const STEPS_PER_OPERATION = 1_000;

/** Valid verdicts on objects of up to so many operations are certified unasked. */
const CERTIFIED_MAX = 100_000;

/** Objects whose violation is described. */
const VIOLATIONS_MAX = 8;

export interface LinearizableOptions extends CheckOptions {
  /** register, cas-register, kv, set, counter …; inferred from the history when left out. */
  type?: string;
  /** A type of the user's own, instead of `type`. */
  model?: SequentialModel<unknown>;
  /** "search" leaves the algorithms for single types out: the general engine decides alone. */
  algorithm?: typeof SEARCH;
  /**
   * Whether a valid verdict shows a linearization of every object, verified. Left out, objects of up
   * to 100,000 operations are certified, but the linearizations are not shown.
   */
  witness?: boolean;
  /**
   * False for the bare verdict: an anomaly says where the history broke, without name and story.
   * Explaining takes a hundred judgements of parts of the history, or some more.
   */
  explain?: boolean;
}

/** The order in which an object could have executed its operations. */
export interface ObjectLinearization {
  /** Left out for operations without a key. */
  key?: Json;
  /** Indexes of invocations; pending operations that are not listed never took effect. */
  ops: number[];
}

export interface LinearizabilityVerdict extends Verdict {
  /** With the option `witness`, when `valid` is true. */
  linearizations?: ObjectLinearization[];
}

/** An object to be searched. */
export interface Task {
  object: number;
  stepsMax: number;
}

export class Inquiry {
  readonly #columns: Columns;
  readonly #options: LinearizableOptions;
  readonly #type: ObjectType;
  readonly #views: NamedView[];
  readonly #verdicts: (ObjectVerdict | undefined)[];
  readonly #stepsMax: number;
  #share = 0;

  /** @throws UsageError for what the type does not offer, or where another type fits and this does not. */
  constructor(columns: Columns, options: LinearizableOptions) {
    const { init = null, stepsMax = STEPS_MAX + STEPS_PER_OPERATION * columns.size } = options;
    if (options.model !== undefined && options.type !== undefined) {
      throw new UsageError(`give a type or a model, not both (${options.type} and a model)`);
    }
    this.#columns = columns;
    this.#options = options;
    this.#stepsMax = stepsMax;
    this.#type =
      options.model === undefined
        ? typeNamed(options.type ?? inferType(columns, init))
        : customType(options.model, columns.functions);
    this.#views = objectsOf(columns, this.#type, init);
    this.#verdicts = this.#views.map((view) =>
      options.algorithm === SEARCH
        ? undefined
        : byAlgorithm(view, this.#type, this.#certifies(view)),
    );
  }

  /** What is to be searched in a round: all that is open, then once more what is undecided. */
  tasks(round: 1 | 2): Task[] {
    const open = [...this.#views.keys()].filter((object) => {
      const verdict = this.#verdicts[object];
      return verdict === undefined || (round === 2 && verdict.valid === "unknown");
    });
    if (round === 1) this.#share = Math.floor(this.#stepsMax / Math.max(1, open.length));
    else {
      const searched = this.#verdicts.filter((verdict) => verdict?.algorithm === SEARCH);
      if (searched.length < 2) return [];
      const left = searched.reduce((sum, verdict) => sum + this.#share - verdict!.steps, 0);
      const more = Math.floor(Math.max(0, left) / Math.max(1, open.length));
      if (more * 4 < this.#share) return [];
      this.#share += more;
    }
    return open.map((object) => ({ object, stepsMax: this.#share }));
  }

  search({ object, stepsMax }: Task): ObjectVerdict {
    const view = this.#views[object]!;
    return bySearch(view, this.#type, stepsMax, this.#certifies(view));
  }

  pack({ object, stepsMax }: Task): PackedTask {
    const view = this.#views[object]!;
    return pack(view, this.#type.name, stepsMax, this.#certifies(view));
  }

  settle({ object }: Task, verdict: ObjectVerdict): void {
    this.#verdicts[object] = verified(verdict, this.#views[object]!, this.#type);
  }

  verdict(): LinearizabilityVerdict {
    const notes = this.#notes();
    const anomalies = this.#anomalies();
    if (anomalies.length > 0) return { valid: false, anomalies, notes };
    const undecided = this.#all().flatMap(([view, verdict]) =>
      verdict.valid === "unknown" ? [this.#describeUndecided(view, verdict)] : [],
    );
    if (undecided.length === 0) return { valid: true, anomalies, notes, ...this.#witness() };
    const others = undecided.length === 1 ? "" : ` (and ${undecided.length - 1} more objects)`;
    return { valid: "unknown", anomalies, reason: `${undecided[0]}${others}`, notes };
  }

  #certifies({ size }: NamedView): boolean {
    return this.#options.witness ?? size <= CERTIFIED_MAX;
  }

  #all(): [NamedView, ObjectVerdict][] {
    return this.#views.map((view, object) => [view, this.#verdicts[object]!]);
  }

  #anomalies(): Anomaly[] {
    const anomalies: Anomaly[] = [];
    for (const [view, verdict] of this.#all()) {
      if (verdict.valid !== false || anomalies.length === VIOLATIONS_MAX) continue;
      const tell = this.#options.explain === false ? unexplained : explain;
      anomalies.push(tell(this.#columns, this.#type, view, verdict));
    }
    return anomalies;
  }

  #describeUndecided({ key }: NamedView, verdict: ObjectVerdict & { valid: "unknown" }): string {
    const { reason, position } = verdict;
    return `${keyName(key)} is undecided: ${reason}; its events before event ${position} of ${this.#columns.eventCount} are linearizable`;
  }

  #witness(): Pick<LinearizabilityVerdict, "linearizations"> {
    if (this.#options.witness !== true) return {};
    const linearizations = this.#all().map(([view, verdict]) => {
      const order = verdict.valid === true ? (verdict.order ?? new Int32Array(0)) : [];
      const ops = Array.from(order, (i) => view.invoked[i]!);
      return view.key === undefined ? { ops } : { key: view.key, ops };
    });
    return { linearizations };
  }

  /** Which algorithms decided how many objects, and what that took. */
  #notes(): { [name: string]: Json } {
    const algorithms: { [name: string]: number } = {};
    let [steps, decided] = [0, 0];
    for (const [, { valid, algorithm, steps: taken }] of this.#all()) {
      algorithms[algorithm] = (algorithms[algorithm] ?? 0) + 1;
      steps += taken;
      if (valid !== "unknown") decided += 1;
    }
    const inferred = this.#options.type === undefined && this.#options.model === undefined;
    const { name } = this.#type;
    const violated = this.#all().filter(([, { valid }]) => valid === false).length;
    return {
      type: name,
      inferred,
      objects: this.#views.length,
      decided,
      violated,
      steps,
      algorithms,
    };
  }
}

function objectsOf(columns: Columns, type: ObjectType, init: Json): NamedView[] {
  const wrongInit = type.refuseInit(init);
  if (wrongInit !== undefined) {
    throw new UsageError(init === null ? wrongInit : `--init ${show(init)}: ${wrongInit}`);
  }
  const advise = (): string => betterType(columns, type, init);
  const views = viewsOf(columns, type, init, advise);
  const wrong = misfit(type, columns);
  const advice = wrong === undefined ? "" : advise();
  if (advice === "") return views;
  throw new UsageError(`this is no history of a ${type.name}: ${wrong}${advice}`);
}

function betterType(columns: Columns, type: ObjectType, init: Json): string {
  try {
    const better = inferType(columns, init);
    return better === type.name ? "" : `: try --type ${better}`;
  } catch {
    return "";
  }
}
