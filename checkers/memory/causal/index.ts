/** Causal consistency and its kin: what each forbids is said where it is decided. */

export { causalMemory } from "./causal-memory.js";
export { type LiftedAccesses, transactionAccesses } from "./lift.js";
export { causal, causalConvergence, causalPass, convergenceWith } from "./pass.js";
export { releaseAcquire } from "./release-acquire.js";
