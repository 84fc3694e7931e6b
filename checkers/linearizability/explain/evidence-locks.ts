/**
 * Evidence of mutexes and semaphores: a session, from a process's acquire to the release that
 * leaves it with nothing, is one unit.
 *
 * The argument: suppose that no process ever gives back more than it took. Then in any
 * linearization L what is held is the sum of what the processes hold. Leaving out whole sessions
 * lowers the sum and breaks no process's own account: an acquire finds no less available than in L,
 * and a release gives back what its process holds. Where some process gives back what it never took
 * (a client that lost an answer and goes on under another number), sessions are unknown and nothing
 * may leave.
 */

import type { Operation } from "../../../histories/history.js";
import { ALONE, type EvidenceOf, hasEffect } from "./evidence.js";

const ACQUIRES: ReadonlySet<string> = new Set(["acquire", "lock"]);

function ofLock(permitsOf: (operation: Operation) => number): EvidenceOf {
  return (operations) => {
    const sessions = sessionsOf(operations.filter(hasEffect), permitsOf);
    return {
      timed: false,
      startsWith: () => false,
      trace(operation) {
        if (!hasEffect(operation)) return ALONE;
        const unit = sessions?.get(operation);
        return unit === undefined ? { stays: true, testifies: true } : { unit, testifies: true };
      },
    };
  };
}

export const ofMutex = ofLock(() => 1);
export const ofSemaphore = ofLock(({ input }) => (typeof input === "number" ? input : 1));

/** Undefined when some process released what it did not hold. */
function sessionsOf(
  operations: readonly Operation[],
  permitsOf: (operation: Operation) => number,
): Map<Operation, string> | undefined {
  const accounts = new Map<number, { held: number; sessions: number }>();
  const sessions = new Map<Operation, string>();
  for (const operation of operations) {
    const { f, process } = operation;
    const account = accounts.get(process) ?? { held: 0, sessions: 0 };
    accounts.set(process, account);
    const permits = permitsOf(operation);
    if (account.held === 0) account.sessions += 1;
    account.held += ACQUIRES.has(f) ? permits : -permits;
    if (account.held < 0) return undefined;
    sessions.set(operation, `${process}:${account.sessions}`);
  }
  return sessions;
}
