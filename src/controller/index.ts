/** Planning and running: what campaigns, replays and tests build on. */

export { type ExecuteOptions, type Execution, execute } from "./execute.js";
export { type BinRequest, planBin } from "./plan-bin.js";
export { defaults, planRun, type RunRequest } from "./plan-run.js";
export { expectedProbes } from "./probes.js";
