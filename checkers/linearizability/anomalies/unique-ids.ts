/** Names for violations of unique ids: duplicate-id, an id that two requests were given. */

import type { Operation } from "../../../histories/history.js";
import { canonical } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { completionTime, keyName, show, who } from "../../describe.js";
import { inOrderOfReturn, isAcknowledged, type Name, nameBy, type Violation } from "./violation.js";

export function nameUniqueIdsViolation(violation: Violation): Anomaly {
  return nameBy(violation, violation, [duplicateId]);
}

function duplicateId({ key, operations }: Violation): Name | undefined {
  const seen = new Map<string, Operation>();
  for (const operation of operations.filter(isAcknowledged).toSorted(inOrderOfReturn)) {
    const id = canonical(operation.output);
    const first = seen.get(id);
    seen.set(id, operation);
    if (first === undefined) continue;
    return {
      type: "duplicate-id",
      message:
        `${keyName(key)} gave ${show(operation.output)} twice: to ${who(first)} (by ` +
        `${completionTime(first)}) and to ${who(operation)} (by ${completionTime(operation)})`,
    };
  }
  return undefined;
}
