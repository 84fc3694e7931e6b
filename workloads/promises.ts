/** Which checkers hold a service to what it promises of its transactions. */

import { type Checker, tolerated } from "../checkers/index.js";
import type { Consistency } from "../systems/system.js";

const strength: readonly Consistency[] = [
  "read-committed",
  "snapshot-isolation",
  "serializable",
  "strict-serializable",
];

/** One atomic copy is what strict serializability is for single operations. */
function rankOf(consistency: Consistency): number {
  return consistency === "linearizable" ? strength.length : strength.indexOf(consistency);
}

export function promises(consistency: Consistency, least: Consistency): boolean {
  return rankOf(consistency) >= rankOf(least);
}

/** The checker where the service promises so much; where not, what it finds is only noted. */
export function heldFrom(least: Consistency, consistency: Consistency, checker: Checker): Checker {
  return promises(consistency, least)
    ? checker
    : tolerated(checker, `the service is ${consistency}, not ${least}`);
}
