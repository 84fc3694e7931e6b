/** Names for violations of counters: those of sums.ts. */

import type { Operation } from "../../../histories/history.js";
import type { Anomaly } from "../../checker.js";
import { nameSum, startOf } from "./sums.js";
import {
  inOrderOfReturn,
  isAcknowledged,
  mayHaveHappened,
  nameBy,
  type Violation,
} from "./violation.js";

export function nameCounterViolation(violation: Violation): Anomaly {
  const { key, init, operations } = violation;
  const steps = operations
    .filter((operation) => operation.f !== "read" && mayHaveHappened(operation))
    .map((operation) => ({ operation, delta: deltaOf(operation) }));
  const sights = operations
    .filter((operation) => operation.f === "read" && isAcknowledged(operation))
    .toSorted(inOrderOfReturn)
    .map((operation) => ({ operation, delta: 0 }));
  return nameBy(violation, { key, init: startOf(init), steps, sights }, [nameSum]);
}

/** An increment without a number is by one. */
function deltaOf({ f, input }: Operation): number {
  const step = typeof input === "number" ? input : 1;
  return f === "decrement" ? -step : step;
}
