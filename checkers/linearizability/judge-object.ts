/** The verdict on one object: by the first algorithm of its type that applies, or by the search. */

import type { ObjectType } from "./types.js";
import type { ObjectView } from "./view.js";

export type ObjectVerdict = { steps: number; algorithm: string } & (
  | { valid: true }
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

export function judgeObject(
  view: ObjectView,
  type: ObjectType,
  stepsMax: number,
  only?: typeof SEARCH,
): ObjectVerdict {
  for (const algorithm of only === SEARCH ? [] : type.algorithms) {
    const finding = algorithm.examine(view);
    if (finding.valid === "not-applicable") continue;
    return { ...finding, steps: view.size, algorithm: algorithm.name };
  }
  const decision = type.search(view, stepsMax);
  if (decision.valid !== false) return { ...decision, algorithm: SEARCH };
  const { valid, steps, breaking, position } = decision;
  return { valid, steps, breaking, position, algorithm: SEARCH };
}
