/**
 * The small verifier: replays a linearization on the object itself. It shares nothing with the
 * algorithms whose orders it checks, so that a mistake of theirs cannot vouch for itself.
 */

import { PENDING } from "../../histories/columns.js";
import type { ObjectView } from "./view.js";

/** An object that executes one operation after another; it changes in place. */
export interface SequentialObject {
  /**
   * Executes operation `i` of the view it was made for. False when the object, as it is now, cannot
   * have answered so; a pending operation may have answered anything.
   */
  execute(i: number): boolean;
}

/**
 * What is wrong with `order` as a linearization of the view; undefined when nothing is: every completed
 * operation occurs, none twice; no operation comes after one that was invoked only after its return;
 * each step is what the object does. O(n) steps.
 */
export function findFlaw(
  view: ObjectView,
  order: Int32Array,
  object: SequentialObject,
): string | undefined {
  const seen = new Uint8Array(view.size);
  let latestInvocation = -1;
  for (const [place, i] of order.entries()) {
    if (!(i >= 0 && i < view.size)) return `place ${place} holds ${i}, which is no operation`;
    if (seen[i] === 1) return `operation ${i} occurs twice`;
    seen[i] = 1;
    latestInvocation = Math.max(latestInvocation, view.invoked[i]!);
    if (view.completed[i]! < latestInvocation) {
      return `operation ${i} comes after one that was invoked after its return`;
    }
    if (!object.execute(i)) return `the object cannot answer operation ${i} so at place ${place}`;
  }
  const missing = seen.findIndex((mark, i) => mark === 0 && view.completed[i] !== PENDING);
  return missing === -1 ? undefined : `operation ${missing} completed, but does not occur`;
}
