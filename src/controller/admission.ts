/**
 * Which kinds of fault a run admits, and why not the others: those that its world can apply and its
 * system promises to survive, or all that the world can where the run goes beyond the promise.
 */

import type { FaultKind } from "../plan/fault.js";
import type { Timing } from "../plan/timing.js";
import type { Budget } from "./budget.js";
import { isExcluded } from "./timing.js";

export interface Admission {
  kinds: ReadonlySet<FaultKind>;
  driftPpmMax: number;
  /** The end of a sentence that tells why these are not admitted, and what to do. */
  refusal(lacking: readonly FaultKind[]): string;
}

export interface AdmissionScope {
  budget: Budget;
  timing?: Timing | undefined;
  beyond: boolean;
  /** Who promises. */
  name: string;
}

/** Beyond the promise clocks drift so many times as far, but at least and at most so far. */
const BEYOND_DRIFT = { times: 10, minPpm: 100_000, maxPpm: 900_000 };

export function admit(
  worldKinds: readonly FaultKind[],
  { budget, timing, beyond, name }: AdmissionScope,
): Admission {
  const world = new Set(worldKinds);
  const { times, minPpm, maxPpm } = BEYOND_DRIFT;
  return {
    kinds: new Set(
      worldKinds.filter((kind) => beyond || (budget.kinds.has(kind) && !isExcluded(kind, timing))),
    ),
    driftPpmMax: beyond
      ? Math.min(maxPpm, Math.max(minPpm, times * budget.driftPpmMax))
      : budget.driftPpmMax,
    refusal: (lacking) => {
      const impossible = lacking.filter((kind) => !world.has(kind));
      if (impossible.length > 0) {
        return `${impossible.join(", ")}, which this kind of system cannot suffer: leave it out`;
      }
      const instead = "leave it out, or go there on purpose with --beyond";
      const unborne = lacking.filter((kind) => !budget.kinds.has(kind));
      return unborne.length > 0
        ? `${unborne.join(", ")}, which ${name} does not promise to survive: ${instead}`
        : `${lacking.join(", ")}, which would break the bound of synchronous links: ${instead}`;
    },
  };
}
