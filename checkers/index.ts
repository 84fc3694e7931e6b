/** All checkers and consistency models, by name. */

import { agreement } from "./agreement.js";
import { broadcast } from "./broadcast.js";
import type { Checker } from "./checker.js";
import { conduct } from "./conduct.js";
import { convergence } from "./convergence.js";
import { counter } from "./counter.js";
import { echo } from "./echo.js";
import { electionSafety } from "./election-safety.js";
import { type LinearizableOptions, linearizable } from "./linearizability/linearizable.js";
import { set } from "./set.js";
import { uniqueIds } from "./unique-ids.js";

export { agreement } from "./agreement.js";
export { broadcast } from "./broadcast.js";
export * from "./checker.js";
export { conduct } from "./conduct.js";
export { convergence } from "./convergence.js";
export { type CounterOptions, counter, counterAccounting } from "./counter.js";
export { echo } from "./echo.js";
export { electionSafety } from "./election-safety.js";
export { inferType } from "./linearizability/infer.js";
export {
  judgeColumns,
  type LinearizableOptions,
  linearizable,
} from "./linearizability/linearizable.js";
export { type ObjectType, types } from "./linearizability/types.js";
export { type SetFunctions, set, setAccounting } from "./set.js";
export { tolerated } from "./tolerated.js";
export { uniqueIds } from "./unique-ids.js";

/** A consistency model that `faultline check --model` can hold a history against. */
export interface ConsistencyModel {
  name: string;
  /** One line for `faultline list models`. */
  summary: string;
  /** @throws UsageError for a type that the model does not know. */
  checker(options?: LinearizableOptions): Checker;
}

const allCheckers: readonly Checker[] = [
  linearizable(),
  set,
  counter,
  convergence,
  electionSafety,
  agreement,
  conduct,
  echo,
  uniqueIds,
  broadcast,
];

export const checkers: ReadonlyMap<string, Checker> = new Map(
  allCheckers.map((checker) => [checker.name, checker]),
);

const allModels: readonly ConsistencyModel[] = [
  {
    name: "linearizable",
    summary:
      "one copy: every operation takes effect at one moment between invocation and completion",
    checker: linearizable,
  },
];

export const models: ReadonlyMap<string, ConsistencyModel> = new Map(
  allModels.map((model) => [model.name, model]),
);
