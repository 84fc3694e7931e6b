/**
 * The sequential specifications, read as a question: could an object in this state have answered
 * so, and what is its state afterwards?
 *
 * Written from the definitions alone and shared with nothing under test, equality included: a
 * fault common to a checker and its oracle would never show.
 */

import type { ObjectType } from "../object-types.js";
import { maxPriorityQueue, priorityQueue, queue, stack } from "./containers.js";
import { mutex, ownedMutex, semaphore } from "./locks.js";
import { listAppend, uniqueIds } from "./logs.js";
import { kv, register } from "./registers.js";
import type { SequentialObject } from "./sequential-object.js";
import { set } from "./set.js";
import { counter, fetchAndAdd } from "./sums.js";

export const sequentialObjects: Readonly<Record<ObjectType, SequentialObject>> = {
  register,
  "cas-register": register,
  kv,
  set,
  counter,
  mutex,
  "owned-mutex": ownedMutex,
  semaphore,
  queue,
  stack,
  "priority-queue": priorityQueue,
  "max-priority-queue": maxPriorityQueue,
  "list-append": listAppend,
  "fetch-and-add": fetchAndAdd,
  "unique-ids": uniqueIds,
};
