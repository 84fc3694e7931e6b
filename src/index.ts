/** Everything a user's own tests need: plan a run, execute it, judge a history, write a system. */

export {
  type Bug,
  defineSystem,
  type OptionSpec,
  type OwnSystem,
  type Service,
  type System,
} from "../systems/system.js";
export { HarnessError, UsageError } from "./base/errors.js";
export type { Json, JsonObject } from "./base/json.js";
export { type Config, defineConfig } from "./config/config.js";
export {
  type ExecuteOptions,
  type Execution,
  execute,
  planRun,
  type RunRequest,
} from "./controller/index.js";
export {
  type Disk,
  DiskError,
  errorCodes,
  isDiskError,
  type Message,
  type Node,
  type NodeContext,
  type OptionValue,
  Refusal,
  RpcTimeout,
  type Timer,
} from "./hosts/ts/node.js";
export type { Fault, FaultKind, Target } from "./plan/fault.js";
export type { Plan, PlannedOperation } from "./plan/plan.js";
