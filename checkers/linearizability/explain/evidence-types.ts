/** The evidence of each type of object that Faultline knows, by the name of the type. */

import type { Operation } from "../../../histories/history.js";
import { ALONE, type EvidenceOf } from "./evidence.js";
import { ofContainer } from "./evidence-containers.js";
import { ofMutex, ofSemaphore } from "./evidence-locks.js";
import {
  ofCounter,
  ofFetchAndAdd,
  ofKv,
  ofList,
  ofRegister,
  ofSet,
  ofUniqueIds,
} from "./evidence-values.js";

const evidenceByType: ReadonlyMap<string, EvidenceOf> = new Map([
  ["register", ofRegister],
  ["cas-register", ofRegister],
  ["kv", ofKv],
  ["set", ofSet],
  ["counter", ofCounter],
  ["mutex", ofMutex],
  ["owned-mutex", ofMutex],
  ["semaphore", ofSemaphore],
  ["queue", ofContainer],
  ["stack", ofContainer],
  ["priority-queue", ofContainer],
  ["max-priority-queue", ofContainer],
  ["list-append", ofList],
  ["fetch-and-add", ofFetchAndAdd],
  ["unique-ids", ofUniqueIds],
]);

/**
 * For a type that is not listed: only operations that change nothing may leave (`isRead`), whatever
 * the others mean.
 */
export function ofReads(isRead: (operation: Operation) => boolean): EvidenceOf {
  return () => ({
    timed: false,
    startsWith: () => false,
    trace(operation) {
      if (operation.outcome === "fail") return ALONE;
      const completed = operation.outcome === "ok";
      return { stays: !isRead(operation), testifies: completed };
    },
  });
}

/** The evidence of a type; of an unknown one, that nothing may leave but what never happened. */
export function evidenceOf(type: string): EvidenceOf {
  return evidenceByType.get(type) ?? ofReads(() => false);
}
