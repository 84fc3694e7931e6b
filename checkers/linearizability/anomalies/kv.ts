/** Names for violations of key-value stores: those of registers, or of texts where a key was appended to. */

import type { Anomaly } from "../../checker.js";
import { nameKeyViolation } from "./register.js";
import { nameTextViolation } from "./text.js";
import type { Violation } from "./violation.js";

export function nameKvViolation(violation: Violation): Anomaly {
  const isText = violation.operations.some(({ f }) => f === "append");
  return isText ? nameTextViolation(violation) : nameKeyViolation(violation);
}
