/** Tries a property on many small histories; the first that fails it is shown. */

import fc from "fast-check";
import type { Accesses } from "../../../../checkers/memory/accesses.js";
import { Random } from "../../../../src/random/random.js";
import { oracleSeed } from "../../oracle/runs.js";
import { type Limits, smallAccesses, textOf } from "./small-accesses.js";

export const anyLimits: Limits = { accessesMax: 8, sessionsMax: 4, keysMax: 3, updates: 1 };
export const onlyReadsAndWrites: Limits = { ...anyLimits, updates: 0 };

export function everyHistory(
  limits: Limits,
  runs: number,
  property: (accesses: Accesses) => void,
): void {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: limits.accessesMax }), (word, accessesMax) => {
      const accesses = smallAccesses(new Random([word, accessesMax, 7]), {
        ...limits,
        accessesMax,
      });
      try {
        property(accesses);
      } catch (error) {
        throw new Error(textOf(accesses), { cause: error });
      }
    }),
    { seed: oracleSeed, numRuns: runs },
  );
}
