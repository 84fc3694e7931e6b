/** What is true in the end: eventual consistency and strong convergence. */

export { type EventualOptions, eventual } from "./eventual.js";
export { type StrongConvergenceOptions, strongConvergence } from "./strong-convergence.js";
