/** An object's operations together with the times of the clock, which order nothing. */

import type { ObjectView } from "../linearizability/view.js";

export interface TimedView extends ObjectView {
  /** Nanoseconds, whole numbers that never decrease from one position to a later one. */
  invokedAt: Float64Array;
  /** Infinity when the operation never returned. */
  completedAt: Float64Array;
}
