/**
 * - mutex        acquire (lock) when free, release (unlock) when held, by whomever
 * - owned-mutex  only the process that holds it may release it
 * - semaphore    `init` permits; acquire some (1 unless told) of those available, and give some
 *                back, never more than are out
 *
 * What they answer tells nothing: that an operation is acknowledged tells that it was legal.
 */

import type { Json } from "../../../../src/base/json.js";
import { type SequentialObject, unknownFunction } from "./sequential-object.js";

export const mutex: SequentialObject = {
  initial: () => "free",
  step(state, { f }) {
    const [before, after] = isAcquire(f) ? ["free", "held"] : ["held", "free"];
    return state === before ? after : undefined;
  },
};

/** The state is the process that holds it, or null. */
export const ownedMutex: SequentialObject = {
  initial: () => null,
  step(owner, { f, process }) {
    if (isAcquire(f)) return owner === null ? process : undefined;
    return owner === process ? null : undefined;
  },
};

/** The state: how many permits are available, and how many there are. */
export const semaphore: SequentialObject = {
  initial: (permits) => [permits, permits],
  step(state, { f, input }): Json | undefined {
    const [available, permits] = state as [number, number];
    const count = (input as number | null) ?? 1;
    const left = isAcquire(f) ? available - count : available + count;
    return left < 0 || left > permits ? undefined : [left, permits];
  },
};

function isAcquire(f: string): boolean {
  if (f === "acquire" || f === "lock") return true;
  return f === "release" || f === "unlock" ? false : unknownFunction(f);
}
