/**
 * The types of object that the oracle knows, and what a call of each function may tell: written
 * down from their description in docs, apart from the tables of the checkers.
 */

export const objectTypes = [
  "register",
  "cas-register",
  "kv",
  "set",
  "counter",
  "mutex",
  "owned-mutex",
  "semaphore",
  "queue",
  "stack",
  "priority-queue",
  "max-priority-queue",
  "list-append",
  "fetch-and-add",
  "unique-ids",
] as const;
export type ObjectType = (typeof objectTypes)[number];

/** Every name under which a function of the type may be called. */
export const functionsOf: Readonly<Record<ObjectType, readonly string[]>> = {
  register: ["read", "write", "get", "put"],
  "cas-register": ["read", "write", "cas", "get", "put"],
  kv: ["read", "write", "cas", "append", "get", "put"],
  set: ["add", "remove", "read", "contains"],
  counter: ["add", "read", "increment", "decrement"],
  mutex: ["acquire", "release", "lock", "unlock"],
  "owned-mutex": ["acquire", "release", "lock", "unlock"],
  semaphore: ["acquire", "release"],
  queue: ["enqueue", "dequeue", "peek"],
  stack: ["push", "pop", "peek", "top"],
  "priority-queue": [
    ...["insert", "add", "offer"],
    ...["delete-min", "poll", "extract-min", "remove-min"],
    ...["find-min", "peek", "min"],
  ],
  "max-priority-queue": [
    ...["insert", "add", "offer"],
    ...["delete-max", "poll", "extract-max", "remove-max"],
    ...["find-max", "peek", "max"],
  ],
  "list-append": ["append", "read"],
  "fetch-and-add": ["fetch-and-add", "faa", "get-and-add", "read"],
  "unique-ids": ["generate"],
};

const looks = ["read", "get", "contains", "peek", "top", "find-min", "min", "find-max", "max"];
const takes = [
  ...["dequeue", "pop", "poll"],
  ...["delete-min", "extract-min", "remove-min"],
  ...["delete-max", "extract-max", "remove-max"],
];
const fetches = ["fetch-and-add", "faa", "get-and-add"];

/** Whether the function only looks, so that it never matters unless it answers. */
export function isLook(f: string): boolean {
  return looks.includes(f);
}

/** Whether the function takes away whatever is next. */
export function isTake(f: string): boolean {
  return takes.includes(f);
}

/** Whether the answer tells what the object held; a boolean answer tells it whatever the function. */
export function isTelling(f: string, answer: unknown): boolean {
  return isLook(f) || isTake(f) || fetches.includes(f) || typeof answer === "boolean";
}
