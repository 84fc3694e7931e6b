/**
 * The verdict on one object: by the first algorithm of its type that applies, or by the search. A
 * valid verdict comes with a linearization, which the verifier replays, so that neither of them is
 * taken at its word.
 */

import { HarnessError } from "../../src/base/errors.js";
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
   * at whose return, at `position`, nothing explains the events any more.
   */
  | { valid: false; core?: readonly number[]; breaking?: number; position?: number }
  /** The events before `position` are linearizable. */
  | { valid: "unknown"; position: number; reason: string }
);

/** As verdicts report the general engine. */
export const SEARCH = "search";

export interface JudgeOptions {
  stepsMax: number;
  /** Leaves the algorithms for single types out. */
  algorithm?: typeof SEARCH | undefined;
  /** Whether valid verdicts are certified. */
  certify: boolean;
}

/** @throws HarnessError when a linearization does not stand up to the verifier. */
export function judgeObject(
  view: ObjectView,
  type: ObjectType,
  options: JudgeOptions,
): ObjectVerdict {
  const verdict = decideObject(view, type, options);
  if (verdict.valid === true && verdict.order !== undefined) {
    const flaw = findFlaw(view, verdict.order, type.object(view));
    if (flaw !== undefined) {
      throw new HarnessError(`${type.name} by ${verdict.algorithm}: false linearization: ${flaw}`);
    }
  }
  return verdict;
}

function decideObject(
  view: ObjectView,
  type: ObjectType,
  { stepsMax, algorithm: only, certify }: JudgeOptions,
): ObjectVerdict {
  for (const algorithm of only === SEARCH ? [] : type.algorithms) {
    const finding = algorithm.examine(view);
    if (finding.valid === "not-applicable") continue;
    const proof = finding.valid && certify ? { order: algorithm.linearize(view) } : {};
    return { ...finding, ...proof, steps: view.size, algorithm: algorithm.name };
  }
  return { ...type.search(view, stepsMax, certify), algorithm: SEARCH };
}
