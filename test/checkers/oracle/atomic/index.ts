/** The ways in which clients use each type of object. */

import type { ObjectType } from "../object-types.js";
import type { Dialect } from "./atomic-object.js";
import { maxPriorityQueues, priorityQueues, queues, stacks } from "./containers.js";
import { mutexes, ownedMutexes, semaphores } from "./locks.js";
import { idServices, lists } from "./logs.js";
import { casRegisters, maps, registers } from "./registers.js";
import { sets } from "./sets.js";
import { counters, fetchAndAdds } from "./sums.js";

export const dialects: Readonly<Record<ObjectType, readonly Dialect[]>> = {
  register: registers,
  "cas-register": casRegisters,
  kv: maps,
  set: sets,
  counter: counters,
  mutex: mutexes,
  "owned-mutex": ownedMutexes,
  semaphore: semaphores,
  queue: queues,
  stack: stacks,
  "priority-queue": priorityQueues,
  "max-priority-queue": maxPriorityQueues,
  "list-append": lists,
  "fetch-and-add": fetchAndAdds,
  "unique-ids": idServices,
};
