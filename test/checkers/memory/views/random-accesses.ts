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
  property: (accesses: Accesses, random: Random) => void,
): void {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (word, other) => {
      const random = new Random([word, other, 7]);
      const accesses = smallAccesses(random, limits);
      try {
        property(accesses, random);
      } catch (error) {
        throw new Error(textOf(accesses), { cause: error });
      }
    }),
    { seed: oracleSeed, numRuns: Math.ceil(runs) },
  );
}
