/** Stories for the naming functions, and what these make of them. */

import type { Anomaly } from "../../../../checkers/checker.js";
import {
  nameCounterViolation,
  nameFetchAndAddViolation,
  nameKvViolation,
  nameListAppendViolation,
  nameLockViolation,
  namePriorityQueueViolation,
  nameQueueViolation,
  nameRegisterViolation,
  nameSetViolation,
  nameStackViolation,
  nameUniqueIdsViolation,
  type Violation,
} from "../../../../checkers/linearizability/anomalies/index.js";
import type { History } from "../../../../histories/history.js";
import type { Json } from "../../../../src/base/json.js";
import { isLinearizable } from "../../oracle/linearizable-oracle.js";
import type { ObjectType } from "../../oracle/object-types.js";
import { timeline } from "../../timeline.js";

export const namesOf: Readonly<Record<ObjectType, (violation: Violation) => Anomaly>> = {
  register: nameRegisterViolation,
  "cas-register": nameRegisterViolation,
  kv: nameKvViolation,
  set: nameSetViolation,
  counter: nameCounterViolation,
  mutex: nameLockViolation("mutex"),
  "owned-mutex": nameLockViolation("owned-mutex"),
  semaphore: nameLockViolation("semaphore"),
  queue: nameQueueViolation,
  stack: nameStackViolation,
  "priority-queue": namePriorityQueueViolation("min"),
  "max-priority-queue": namePriorityQueueViolation("max"),
  "list-append": nameListAppendViolation,
  "fetch-and-add": nameFetchAndAddViolation,
  "unique-ids": nameUniqueIdsViolation,
};

/** Of a history of one object, linearizable or not; `breaking` is its last return. */
export function violationOf({ operations }: History, init: Json): Violation {
  const breaking = operations
    .filter(({ outcome }) => outcome === "ok")
    .reduce((last, operation) => (operation.completed > last.completed ? operation : last));
  return { key: operations[0]?.key, init, operations, breaking, possible: [] };
}

/** The anomaly of a hand-written story (see timeline.ts), which must be one. */
export function anomalyOf(type: ObjectType, text: string, init: Json = null): Anomaly {
  const history = timeline(text);
  if (isLinearizable(history.events, type, init)) throw new Error(`linearizable: ${text}`);
  return namesOf[type](violationOf(history, init));
}

/** Whether a hand-written history, which must be linearizable, is given no name that would deny it. */
export function isLeftAlone(type: ObjectType, text: string, init: Json = null): boolean {
  const history = timeline(text);
  if (!isLinearizable(history.events, type, init)) throw new Error(`not linearizable: ${text}`);
  return namesOf[type](violationOf(history, init)).type === "non-linearizable";
}
