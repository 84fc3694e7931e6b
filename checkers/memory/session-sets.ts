/** Which guarantees of a session cannot hold together in a history: the smallest sets, by reading. */

import type { Columns } from "../../histories/columns.js";
import type { Json } from "../../src/base/json.js";
import { accessesOf } from "./accesses-of.js";
import { STEPS_MAX } from "./decision.js";
import { readingsOf } from "./readings.js";
import { type Guarantee, violatedSets, violatedSetsInEveryReading } from "./sessions/index.js";

/** `every`: those that both readings forbid. */
export type SessionSets = { [reading in "arbitration" | "views" | "every"]: Guarantee[][] };

/** Undefined where reads may have come from several writes: each choice has sets of its own. */
export function sessionSetsOf(
  columns: Columns,
  { init = null, stepsMax = STEPS_MAX }: { init?: Json; stepsMax?: number },
): SessionSets | undefined {
  const readings = readingsOf(columns, init);
  if (readings.choices.size > 0) return undefined;
  const accesses = accessesOf(readings);
  const limits = { stepsMax };
  return {
    arbitration: violatedSets(accesses, "arbitration", limits),
    views: violatedSets(accesses, "views", limits),
    every: violatedSetsInEveryReading(accesses, limits),
  };
}
