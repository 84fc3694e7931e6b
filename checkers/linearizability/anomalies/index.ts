/** The naming of each type's violations: functions from a story to the anomaly that it shows. */

export { nameCounterViolation } from "./counter.js";
export { nameFetchAndAddViolation } from "./fetch-and-add.js";
export { nameKvViolation } from "./kv.js";
export { nameListAppendViolation } from "./list-append.js";
export { type LockKind, nameLockViolation } from "./locks.js";
export { namePriorityQueueViolation, type Order } from "./priority-queue.js";
export { nameQueueViolation } from "./queue.js";
export { nameRegisterViolation } from "./register.js";
export { nameSetViolation } from "./set.js";
export { nameStackViolation } from "./stack.js";
export { nameUniqueIdsViolation } from "./unique-ids.js";
export { nonLinearizable, type Violation } from "./violation.js";
