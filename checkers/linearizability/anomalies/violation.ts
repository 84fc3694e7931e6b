/** What the naming of anomalies starts from: an object whose history the search could not explain. */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, ms, show, showAny, who } from "../../describe.js";

export interface Violation {
  key: Json | undefined;
  init: Json;
  /** All operations on the object in order of invocation, failed ones included. */
  operations: readonly Operation[];
  /** The operation with whose return the shortest prefix without an explanation ends. */
  breaking: Operation;
  /** States in which the object could be at that moment, as far as anything observes them. */
  possible: readonly Json[];
}

/** "read of 3 by process 2 (12 to 15.5 ms)" */
export function describe(operation: Operation): string {
  const { f, input, output, outcome, invokedAt, completedAt } = operation;
  const interval =
    outcome === "info"
      ? `from ${ms(invokedAt)}, never acknowledged`
      : `${ms(invokedAt)} to ${ms(completedAt)}`;
  return `${f} of ${show(input ?? output)} by ${who(operation)} (${interval})`;
}

/** The name for what is certainly wrong, without a more specific name that certainly fits. */
export function nonLinearizable(
  { key, breaking, possible }: Violation,
  involved: Iterable<Operation> = [],
): Anomaly {
  const state =
    possible.length > 0 ? `: ${keyName(key)} could only hold ${showAny(possible)} then` : "";
  return {
    type: "non-linearizable",
    message:
      `no order of the operations on ${keyName(key)} that respects real time explains the ` +
      `${describe(breaking)}${state}`,
    ops: indexes([breaking, ...involved]),
  };
}
