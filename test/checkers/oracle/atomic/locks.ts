/** Locks: whoever cannot have one waits. */

import type { Json } from "../../../../src/base/json.js";
import { among, type Dialect, type Values } from "./atomic-object.js";

export const mutexes: readonly Dialect[] = [
  lock(["acquire", "release"], false),
  lock(["lock", "unlock"], false),
];

export const ownedMutexes: readonly Dialect[] = [
  lock(["acquire", "release"], true),
  lock(["lock", "unlock"], true),
];

export const semaphores: readonly Dialect[] = [
  semaphore([1], among([null])),
  semaphore([2], among([null, 1])),
  semaphore([2, 3], among([1, 1, 2])),
  semaphore([3], among([1, 2, 3, 4])),
];

/** The state is the list of holders. */
function lock([acquire, release]: readonly [string, string], isOwned: boolean): Dialect {
  return {
    isDistinct: true,
    inits: [null],
    initial: () => [],
    ask({ roll, process }, state) {
      const holds = (state as Json[]).includes(process);
      return { f: roll < (holds ? 10 : isOwned ? 85 : 60) ? acquire : release, input: null };
    },
    apply(state, { f }, process) {
      const holders = state as Json[];
      if (f === acquire) return holders.length > 0 ? "wait" : { answer: null, next: [process] };
      const mayRelease = isOwned ? holders.includes(process) : holders.length > 0;
      return mayRelease ? { answer: null, next: [] } : "wait";
    },
    confused: (state, pick) => (pick % 2 === 0 && (state as Json[]).length > 0 ? [] : [pick % 3]),
  };
}

/** The state: permits available, and permits out. */
function semaphore(inits: readonly Json[], counts: Values): Dialect {
  return {
    isDistinct: true,
    inits,
    initial: (permits) => [permits, 0],
    ask({ roll, pick, ordinal }, state) {
      const out = (state as number[])[1]!;
      return {
        f: roll < (out > 0 ? 45 : 80) ? "acquire" : "release",
        input: counts(pick, ordinal),
      };
    },
    apply(state, { f, input }) {
      const [available, out] = state as [number, number];
      const count = input === null ? 1 : (input as number);
      const moved = f === "acquire" ? count : 0 - count;
      if (moved > available || out + moved < 0) return "wait";
      return { answer: null, next: [available - moved, out + moved] };
    },
    confused(state, pick) {
      const [available, out] = state as [number, number];
      return pick % 2 === 0 ? [available + 2, out] : [available, out + 2];
    },
  };
}
