/** The final states of a litmus test on machines with store buffers: SC, TSO and PSO. */

import type { Enumerate } from "../program.js";
import { explore } from "./explore.js";

/** One memory, one step after the other (Lamport 1979). */
export const sc: Enumerate = (test, stepsMax) => explore(test, "none", stepsMax);

/** A buffer of stores per thread, as on x86. */
export const tso: Enumerate = (test, stepsMax) => explore(test, "thread", stepsMax);

/** A buffer of stores per thread and location. */
export const pso: Enumerate = (test, stepsMax) => explore(test, "thread-and-location", stepsMax);
