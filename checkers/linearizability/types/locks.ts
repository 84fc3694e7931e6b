/** Locks, with and without owners, and semaphores. */

import type { Json } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import { mutexMonitor, semaphoreMonitor } from "../algorithms/locks.js";
import { ownedMutexMonitor } from "../algorithms/owned-mutex.js";
import { nameLockViolation } from "../anomalies/index.js";
import { mutex } from "../models/mutex.js";
import { ownedMutex } from "../models/owned-mutex.js";
import { semaphore } from "../models/semaphore.js";
import { describeType, type ObjectType } from "../object-type.js";
import { mutexObject, ownedMutexObject, semaphoreObject } from "../sequential/locks.js";

const functions = ["acquire", "release"];
const aliases = { lock: "acquire", unlock: "release" };

export const locks: readonly ObjectType[] = [
  describeType({
    summary: "a lock: acquire, release, by whomever",
    functions,
    aliases,
    refuseInit: refuseAnyInit,
    model: mutex,
    object: mutexObject,
    algorithms: [mutexMonitor],
    nameViolation: nameLockViolation("mutex"),
  }),
  describeType({
    summary: "a lock that only its holder releases: acquire, release",
    functions,
    aliases,
    refuseInit: refuseAnyInit,
    model: ownedMutex,
    object: ownedMutexObject,
    algorithms: [ownedMutexMonitor],
    nameViolation: nameLockViolation("owned-mutex"),
  }),
  describeType({
    summary: "permits, as many as --init says: acquire, release (one unless told)",
    functions,
    refuse: refusePermits,
    refuseInit: (init) =>
      isCount(init) ? undefined : "a semaphore needs its number of permits: give --init 3",
    model: semaphore,
    object: semaphoreObject,
    algorithms: [semaphoreMonitor],
    nameViolation: nameLockViolation("semaphore"),
  }),
];

function refusePermits(f: string, input: Json): string | undefined {
  if (input === null || isCount(input)) return undefined;
  return `${f} takes a number of permits, got ${show(input)}`;
}

function isCount(value: Json): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function refuseAnyInit(init: Json): string | undefined {
  return init === null ? undefined : "a lock starts free: leave it out, or take --type semaphore";
}
