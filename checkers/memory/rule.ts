/** A memory model as it is decided. */

import type { Decide } from "./decision.js";
import type { Machine } from "./replay.js";

export interface MemoryRule {
  name: string;
  /** In a sentence: "sequential consistency". */
  what: string;
  decide: Decide;
  /** The machine that a positive verdict's order is replayed on. */
  machine?: Machine;
}
