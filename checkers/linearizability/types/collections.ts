/** Sets, queues, stacks, priority queues and lists. */

import type { Json } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import { appendLog } from "../algorithms/append-log.js";
import { queueMonitor } from "../algorithms/fifo-queue.js";
import { priorityQueueMonitor } from "../algorithms/priority-queue.js";
import { setMonitor } from "../algorithms/set.js";
import { stackMonitor } from "../algorithms/stack.js";
import {
  nameListAppendViolation,
  namePriorityQueueViolation,
  nameQueueViolation,
  nameSetViolation,
  nameStackViolation,
} from "../anomalies/index.js";
import { listAppend } from "../models/list-append.js";
import { maxPriorityQueue, minPriorityQueue } from "../models/priority-queue.js";
import { queue, stack } from "../models/sequences.js";
import { set } from "../models/set.js";
import { describeType, type ObjectType } from "../object-type.js";
import { listAppendObject } from "../sequential/list-append.js";
import { priorityQueueObject } from "../sequential/priority-queue.js";
import { queueObject } from "../sequential/queue.js";
import { setObject } from "../sequential/set.js";
import { stackObject } from "../sequential/stack.js";

export const collections: readonly ObjectType[] = [
  describeType({
    summary: "a set: add, remove, contains, read of the whole",
    functions: ["add", "remove", "read", "contains"],
    reads: ["read", "contains"],
    refuse: refuseNoElement,
    refuseInit: refuseNoList("set"),
    model: set,
    object: setObject,
    algorithms: [setMonitor],
    nameViolation: nameSetViolation,
  }),
  describeType({
    summary: "first in, first out: enqueue, dequeue, peek (null when empty)",
    functions: ["enqueue", "dequeue", "peek"],
    reads: ["peek"],
    refuse: refuseNull("enqueue", "queue"),
    refuseInit: refuseNoList("queue"),
    model: queue,
    object: queueObject,
    algorithms: [queueMonitor],
    nameViolation: nameQueueViolation,
  }),
  describeType({
    summary: "last in, first out: push, pop, peek (null when empty)",
    functions: ["push", "pop", "peek"],
    aliases: { top: "peek" },
    reads: ["peek"],
    refuse: refuseNull("push", "stack"),
    refuseInit: refuseNoList("stack"),
    model: stack,
    object: stackObject,
    algorithms: [stackMonitor],
    nameViolation: nameStackViolation,
  }),
  describeType({
    summary: "the least number first: insert, delete-min, find-min (null when empty)",
    functions: ["insert", "delete-min", "find-min"],
    aliases: {
      add: "insert",
      offer: "insert",
      poll: "delete-min",
      "extract-min": "delete-min",
      "remove-min": "delete-min",
      peek: "find-min",
      min: "find-min",
    },
    reads: ["find-min"],
    refuse: refuseNoNumber,
    refuseInit: refuseNoNumbers,
    model: minPriorityQueue,
    object: priorityQueueObject("min"),
    algorithms: [priorityQueueMonitor("min")],
    nameViolation: namePriorityQueueViolation("min"),
  }),
  describeType({
    summary: "the greatest number first: insert, delete-max, find-max (null when empty)",
    functions: ["insert", "delete-max", "find-max"],
    aliases: {
      add: "insert",
      offer: "insert",
      poll: "delete-max",
      "extract-max": "delete-max",
      "remove-max": "delete-max",
      peek: "find-max",
      max: "find-max",
    },
    reads: ["find-max"],
    refuse: refuseNoNumber,
    refuseInit: refuseNoNumbers,
    model: maxPriorityQueue,
    object: priorityQueueObject("max"),
    algorithms: [priorityQueueMonitor("max")],
    nameViolation: namePriorityQueueViolation("max"),
  }),
  describeType({
    summary: "a list: append an element, read of the whole",
    functions: ["append", "read"],
    reads: ["read"],
    refuse: refuseNoElement,
    refuseInit: refuseNoList("list"),
    model: listAppend,
    object: listAppendObject,
    algorithms: [appendLog],
    nameViolation: nameListAppendViolation,
  }),
];

function refuseNoElement(f: string, input: Json): string | undefined {
  return f === "read" || input !== null ? undefined : `${f} takes an element, got null`;
}

function refuseNull(put: string, name: string) {
  return (f: string, input: Json): string | undefined =>
    f === put && input === null ? `${put} of null: null stands for an empty ${name}` : undefined;
}

function refuseNoNumber(f: string, input: Json): string | undefined {
  if (f !== "insert" || typeof input === "number") return undefined;
  return `insert takes a number, got ${show(input)}`;
}

function refuseNoList(name: string) {
  return (init: Json): string | undefined =>
    init === null || Array.isArray(init) ? undefined : `a ${name} starts as a list of elements`;
}

function refuseNoNumbers(init: Json): string | undefined {
  if (init === null) return undefined;
  if (Array.isArray(init) && init.every((element) => typeof element === "number")) return undefined;
  return "a priority queue starts as a list of numbers";
}
