/** The generated histories that the bench judges: which object, which clients, what goes wrong. */

import type { Columns } from "../../histories/columns.js";
import type { Json } from "../../src/base/json.js";
import { type MakeServed, type Setting, simulate } from "./clients.js";
import { keyedCasRegister, smallCasRegister, uniqueCasRegister } from "./objects/cas-register.js";
import { appendLog, elements, wholeSet } from "./objects/collections.js";
import { priorityQueue, queue, stack } from "./objects/containers.js";
import { lock } from "./objects/locks.js";
import { smallRegister, uniqueRegister } from "./objects/register.js";
import { counter, fetchAndAdd, uniqueIds } from "./objects/sums.js";
import { texts } from "./objects/texts.js";

interface GeneratedObject {
  /** As for `check --type` and `--init`. */
  type: string;
  init?: Json;
  make: MakeServed;
}

const SEMAPHORE = { type: "semaphore", init: 3 };

export const objects = {
  "register, unique values": { type: "register", make: uniqueRegister },
  "register, values 0..5": { type: "register", make: smallRegister },
  "cas-register, unique values": { type: "cas-register", make: uniqueCasRegister },
  "cas-register, values 0..5": { type: "cas-register", make: smallCasRegister },
  "kv, a key per 1000": { type: "kv", make: keyedCasRegister },
  "kv, appends, a key per 200": { type: "kv", make: texts },
  queue: { type: "queue", make: queue() },
  stack: { type: "stack", make: stack() },
  "priority-queue": { type: "priority-queue", make: priorityQueue() },
  counter: { type: "counter", make: counter({ stepMin: 1, stepMax: 1 }) },
  mutex: { type: "mutex", make: lock({ permits: 1 }) },
  "owned-mutex": { type: "owned-mutex", make: lock({ permits: 1 }) },
  "semaphore of 3": { ...SEMAPHORE, make: lock({ permits: 3 }) },
  "set, by element": { type: "set", make: elements },
  "list-append": { type: "list-append", make: appendLog },
  "fetch-and-add": { type: "fetch-and-add", make: fetchAndAdd },
  "unique-ids": { type: "unique-ids", make: uniqueIds },
  "counter, steps -5..5": { type: "counter", make: counter({ stepMin: -5, stepMax: 5 }) },
  "semaphore of 3, 1..3 at once": { ...SEMAPHORE, make: lock({ permits: 3, most: 3 }) },
  "set, whole reads": { type: "set", make: wholeSet },
  "queue, lost dequeues": { type: "queue", make: queue({ losingRemovals: true }) },
  "stack, lost pops": { type: "stack", make: stack({ losingRemovals: true }) },
} as const satisfies { [name: string]: GeneratedObject };

export type ObjectName = keyof typeof objects;

/** A row of a table: the same history at several sizes. */
export interface CaseRow extends Omit<Setting, "size" | "seed"> {
  object: ObjectName;
}

export interface Case extends Setting {
  object: ObjectName;
}

export function columnsOfCase({ object, ...setting }: Case): Columns {
  return simulate(objects[object].make, setting);
}

/** The 24 rows of the register matrix. */
export function matrixRows(): CaseRow[] {
  return [5, 10, 25].flatMap((clients) =>
    (["register, unique values", "register, values 0..5"] as const).flatMap((object) =>
      rowsOf(object, clients, [0, 2]),
    ),
  );
}

/** Types with an exact algorithm of their own. */
export function typeRows(): CaseRow[] {
  const names: readonly ObjectName[] = [
    "queue",
    "stack",
    "priority-queue",
    "counter",
    "mutex",
    "owned-mutex",
    "semaphore of 3",
    "set, by element",
    "list-append",
    "fetch-and-add",
    "unique-ids",
    "cas-register, unique values",
    "cas-register, values 0..5",
    "kv, a key per 1000",
    "kv, appends, a key per 200",
  ];
  return names.flatMap((object) => rowsOf(object, 10, [0, 2]));
}

/** What is left to the search: hard by nature, so that the figures say how far it reaches. */
export function searchRows(): CaseRow[] {
  return [5, 10].flatMap((clients) => [
    ...rowsOf("counter, steps -5..5", clients, [0]),
    ...rowsOf("semaphore of 3, 1..3 at once", clients, [0]),
    ...rowsOf("set, whole reads", clients, [0]),
    { object: "queue, lost dequeues", clients, lostPercent: 2, violating: false },
    { object: "stack, lost pops", clients, lostPercent: 2, violating: false },
  ]);
}

function rowsOf(object: ObjectName, clients: number, lostPercents: readonly number[]): CaseRow[] {
  return lostPercents.flatMap((lostPercent) =>
    [false, true].map((violating) => ({ object, clients, lostPercent, violating })),
  );
}
