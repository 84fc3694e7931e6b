/** Models in which all sessions see one order of the writes: of the whole memory, or of each key. */

import type { Decide } from "../decision.js";
import { decide } from "./decide.js";
import type { Machine } from "./program-order.js";

export { coherence } from "./coherence.js";

function decider(machine: Machine, type: string): Decide {
  return (accesses, options) => decide(accesses, machine, type, options).decision;
}

/** Sequential consistency (Lamport 1979). */
export const sequential = decider("sequential", "non-sequential");

/** Total store order: x86 (Owens, Sarkar, Sewell 2009) and SPARC V8. */
export const tso = decider("tso", "non-tso");

/** Partial store order: SPARC V8. */
export const pso = decider("pso", "non-pso");
