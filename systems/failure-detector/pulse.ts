/**
 * A steady beat that notices when it was late. A node that stood still (a pause of its own, a long
 * garbage collection) finds all deadlines passed at once, and would accuse everybody of its own
 * absence: whoever notices gives the others a fresh start instead (local health: Dadgar, Phillips,
 * Currey, "Lifeguard", 2017).
 */

import type { Station } from "./detector.js";
import type { DetectorProbe } from "./probes.js";

/** A timer this late was not late by itself. */
const LATE_MS = 40;

/** `beat` is told for how long the node stood still, 0 usually. */
export function pulse(
  { context }: Station,
  periodMs: number,
  beat: (stoodStillMs: number) => void,
): void {
  const ignoresOwnStall = context.bugs.has("ignores-own-stall");
  const next = (): void => {
    const dueMs = context.clock.monotonicMs() + periodMs;
    context.after(periodMs, () => {
      const lateMs = context.clock.monotonicMs() - dueMs;
      const stoodStill = lateMs > LATE_MS && !ignoresOwnStall;
      if (stoodStill) {
        context.probe("a node noticed that it had stood still" satisfies DetectorProbe);
      }
      beat(stoodStill ? lateMs : 0);
      next();
    });
  };
  next();
}
