/**
 * The verdict on one object: by the first algorithm of its type that applies, or by the search. A
 * valid verdict comes with a linearization, which the verifier replays, so that neither of them is
 * taken at its word.
 */

import { HarnessError, UsageError } from "../../src/base/errors.js";
import type { ObjectType } from "./types.js";
import { findFlaw } from "./verify.js";
import type { ObjectView } from "./view.js";

export type ObjectVerdict = {
  steps: number;
  algorithm: string;
} /** `order`: operations of the view, one after another as the object could have executed them. */ & (
  | { valid: true; order?: Int32Array }
  /**
   * `core`: operations that contradict each other already (see `Finding`). `breaking`: the operation
   * at whose return, at `position`, nothing explains the events any more; the first such one if
   * `isFirst`.
   */
  | {
      valid: false;
      core?: readonly number[];
      breaking?: number;
      position?: number;
      isFirst?: boolean;
    }
  /** The events before `position` are linearizable. */
  | { valid: "unknown"; position: number; reason: string }
);

/** As verdicts report the general engine. */
export const SEARCH = "search";

/** Undefined when no algorithm of the type applies. */
export function byAlgorithm(
  view: ObjectView,
  type: ObjectType,
  certify: boolean,
): ObjectVerdict | undefined {
  for (const algorithm of type.algorithms) {
    const finding = algorithm.examine(view);
    if (finding.valid === "not-applicable") continue;
    const proof = finding.valid && certify ? { order: algorithm.linearize(view) } : {};
    const verdict = { ...finding, ...proof, steps: view.size, algorithm: algorithm.name };
    return verified(verdict, view, type);
  }
  return undefined;
}

export function bySearch(
  view: ObjectView,
  type: ObjectType,
  stepsMax: number,
  certify: boolean,
): ObjectVerdict {
  return { ...type.search(view, stepsMax, certify), algorithm: SEARCH };
}

/** @throws HarnessError when the verdict's linearization does not stand up to the verifier. */
export function verified(
  verdict: ObjectVerdict,
  view: ObjectView,
  type: ObjectType,
): ObjectVerdict {
  if (verdict.valid !== true || verdict.order === undefined) return verdict;
  const flaw = findFlaw(view, verdict.order, type.object(view));
  if (flaw === undefined) return verdict;
  if (type.isOwn) {
    throw new UsageError(
      `model ${type.name} contradicts itself: its step must be pure, its key tell states apart, its reads change nothing (${flaw})`,
    );
  }
  throw new HarnessError(`${type.name} by ${verdict.algorithm}: false linearization: ${flaw}`);
}

/** The verdict alone, uncertified. */
export function judgeObject(view: ObjectView, type: ObjectType, stepsMax: number): ObjectVerdict {
  return byAlgorithm(view, type, false) ?? bySearch(view, type, stepsMax, false);
}
