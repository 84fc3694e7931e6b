/** Planning and running: what campaigns, replays and tests build on. */

export { excessesIn, heldBeyond } from "./beyond.js";
export {
  type Budget,
  budgetOf,
  type Excess,
  excesses,
  excessesOf,
  keepingPromise,
  withinBudget,
} from "./budget.js";
export { bugsSetApart } from "./bug-settings.js";
export { type ExecuteOptions, type Execution, execute } from "./execute.js";
export { type BinRequest, planBin } from "./plan-bin.js";
export { defaults, planRun, type RunRequest } from "./plan-run.js";
export { expectedProbes } from "./probes.js";
export { inTime, type TimingRequest } from "./timing.js";
