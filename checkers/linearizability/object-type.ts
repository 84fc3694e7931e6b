/**
 * A type of object that `linearizable` can judge: which functions it offers, what a client may ask
 * of it, which algorithms decide it, and how a violation is named.
 */

import type { Json } from "../../src/base/json.js";
import type { Anomaly } from "../checker.js";
import type { Algorithm } from "./algorithm.js";
import { nonLinearizable, type Violation } from "./anomalies/violation.js";
import { decide } from "./decide.js";
import type { EvidenceOf } from "./explain/evidence.js";
import { Lineage } from "./lineage.js";
import type { Model } from "./model.js";
import type { Vocabulary } from "./object-views.js";
import { prepareView } from "./problem.js";
import { recount } from "./recount.js";
import type { SequentialObject } from "./verify.js";
import type { ObjectView } from "./view.js";

export interface ObjectType extends Vocabulary {
  summary: string;
  refuseInit(init: Json): string | undefined;
  /** Tried in order; the search decides what none of them covers. */
  algorithms: readonly Algorithm[];
  /** The general engine over the type's model; exact, within a budget of steps. */
  search(view: ObjectView, stepsMax: number, certify?: boolean): SearchVerdict;
  /** The object itself, for the verifier. */
  object(view: ObjectView): SequentialObject;
  nameViolation(violation: Violation): Anomaly;
  model: Model<unknown>;
  /** What may leave a story; that of the type's name when left out. */
  evidence?: EvidenceOf;
  /** The user's own. */
  isOwn?: true;
}

export type SearchVerdict =
  | { valid: true; steps: number; order?: Int32Array }
  | {
      valid: false;
      steps: number;
      breaking: number;
      position: number;
      possible: unknown[];
      isFirst: boolean;
    }
  | { valid: "unknown"; steps: number; position: number; reason: string };

interface Description<State>
  extends Partial<
    Pick<ObjectType, "aliases" | "reads" | "refuse" | "refuseInit" | "algorithms" | "nameViolation">
  > {
  summary: string;
  functions: readonly string[];
  model: Model<State>;
  object(view: ObjectView): SequentialObject;
  rewrite?: NonNullable<Vocabulary["rewrite"]>;
  refuseObject?: NonNullable<Vocabulary["refuseObject"]>;
}

/** Fills in what most types have in common; named as its model is. */
export function describeType<State>(description: Description<State>): ObjectType {
  const { model, functions } = description;
  return {
    aliases: {},
    reads: [],
    refuse: accept,
    refuseInit: accept,
    algorithms: [],
    nameViolation: nonLinearizable,
    ...description,
    name: model.name,
    model: model as Model<unknown>,
    search(view, stepsMax, certify = false) {
      const initial = model.init(view.values.value(view.init));
      const problem = prepareView(model, view, functions, initial);
      const lineage = certify ? new Lineage() : undefined;
      const decision = decide(problem, stepsMax, lineage);
      if (decision.valid !== true) return decision;
      const { valid, steps, trace } = decision;
      return lineage ? { valid, steps, order: recount(problem, lineage, trace) } : { valid, steps };
    },
  };
}

function accept(): undefined {
  return undefined;
}
