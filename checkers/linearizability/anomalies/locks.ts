/**
 * Names for violations of mutexes, owned mutexes and semaphores of N permits (a mutex has one). In a
 * *window*, from one position to another, an operation was surely done that was invoked and
 * acknowledged in it, and possibly done that overlaps it. Names, the first that holds is given:
 *
 * - release-without-holding, where locks are owned: a process released what it had not acquired.
 * - mutual-exclusion, where locks are owned: a process acquired what it held; or two held the lock at
 *   once, each from its acquire's return to the invocation of its own release.
 * - mutual-exclusion: in some window, the permits surely acquired exceed those possibly released by
 *   more than N.
 * - release-without-holding: in a window from the start, more is surely released than possibly
 *   acquired; or in another window, by more than N.
 *
 * O(n^2) for the windows.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { completionTime, keyName, who } from "../../describe.js";
import { named } from "./functions.js";
import { ownership } from "./ownership.js";
import { isAcknowledged, mayHaveHappened, type Name, nameBy, type Violation } from "./violation.js";

export type LockKind = "mutex" | "owned-mutex" | "semaphore";

interface LockStory {
  where: string;
  permits: number;
  acquires: readonly Share[];
  releases: readonly Share[];
}

interface Share {
  operation: Operation;
  permits: number;
}

export function nameLockViolation(kind: LockKind): (violation: Violation) => Anomaly {
  const isSemaphore = kind === "semaphore";
  return (violation) => {
    const { key, init, operations } = violation;
    const shares = operations.filter(mayHaveHappened).map((operation) => ({
      operation,
      permits: isSemaphore ? numberOr(operation.input, 1) : 1,
    }));
    const [acquires, releases] = ["acquire", "release"].map((f) =>
      shares.filter(({ operation }) => named(operation.f) === f),
    );
    const permits = isSemaphore ? numberOr(init, 1) : 1;
    const story = { where: keyName(key), permits, acquires: acquires!, releases: releases! };
    return nameBy<LockStory>(violation, story, [
      ({ where }) => (kind === "owned-mutex" ? ownership(where, operations) : undefined),
      overAcquired,
      overReleased,
    ]);
  };
}

function numberOr(value: Json, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function overAcquired({ where, permits, acquires, releases }: LockStory): Name | undefined {
  const excess = findExcess(acquires, releases, () => permits);
  if (excess === undefined) return undefined;
  const last = excess.at(-1)!;
  const holders = excess.map(({ operation }) => who(operation));
  const what = permits === 1 ? `${where} was` : `more than the ${permits} permits of ${where} were`;
  return {
    type: "mutual-exclusion",
    message:
      `${what} held ${permits === 1 ? "twice " : ""}at once when ${who(last.operation)} had it by ${completionTime(last.operation)}: ` +
      `acquired by ${holders.join(" and ")} with no release in between that could make room`,
  };
}

function overReleased({ where, permits, acquires, releases }: LockStory): Name | undefined {
  const excess = findExcess(releases, acquires, (from) => (from === -1 ? 0 : permits));
  if (excess === undefined) return undefined;
  const last = excess.at(-1)!.operation;
  const before = excess.length - 1;
  const others =
    before === 0 ? "" : ` (after ${before === 1 ? "another release" : `${before} others`})`;
  return {
    type: "release-without-holding",
    message: `${who(last)} released ${where} by ${completionTime(last)}${others}, and no acquire before it can account for that`,
  };
}

/**
 * What was surely done in some window and exceeds what was possibly undone by more than allowed;
 * windows begin before an invocation and end with a return of what was done.
 */
function findExcess(
  doing: readonly Share[],
  undoing: readonly Share[],
  allowed: (from: number) => number,
): Share[] | undefined {
  const done = doing
    .filter(({ operation }) => isAcknowledged(operation))
    .toSorted((a, b) => a.operation.completed - b.operation.completed);
  for (const from of [-1, ...done.map(({ operation }) => operation.invoked - 1)]) {
    const possibly = undoing.filter(({ operation }) => operation.completed > from);
    const surely: Share[] = [];
    let [balance, undone] = [0, 0];
    for (const share of done) {
      if (share.operation.invoked <= from) continue;
      surely.push(share);
      balance += share.permits;
      for (; undone < possibly.length; undone++) {
        const { operation, permits } = possibly[undone]!;
        if (operation.invoked > share.operation.completed) break;
        balance -= permits;
      }
      if (balance > allowed(from)) return surely;
    }
  }
  return undefined;
}
