/**
 * A mutex that only its holder may release: decided by intervals.
 *
 * A process holds the lock at least from the return of its acquire to the invocation of its
 * release, to the end of time when it invokes none. Acquiring just before the return and releasing
 * just after the invocation is best for everybody else, so that a history is linearizable iff these
 * intervals are disjoint (the zones of Gibbons & Korach, 1997, with one writer each) and every
 * process acquires and releases in turn.
 *
 * A process does one thing at a time and nothing after a pending operation. So a pending acquire
 * took no effect, or was the last to hold the lock: it is left out. A pending release takes effect
 * at once, if its process holds the lock; if not, it cannot. A completed release by a process that
 * does not hold the lock is a violation, and so is an acquire by one that does. O(n).
 */

import { PENDING } from "../../../histories/columns.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { byCompletion, distinct } from "./positions.js";

const ACQUIRE = 0;
const NONE = -1;

export const ownedMutexMonitor: Algorithm = {
  name: "lock intervals",
  complexity: "n",
  source: "Gibbons & Korach 1997 (zones), with an owner per zone",
  examine,
  linearize,
};

interface Holdings {
  /** Per acquire that took effect, the release that ended it; NONE for the others. */
  releaseOf: Int32Array;
  /** Operations that contradict what their own process did before. */
  outOfTurn: number[] | undefined;
}

function examine(view: ObjectView): Finding {
  const holdings = holdingsOf(view);
  if (typeof holdings === "string") return { valid: "not-applicable", why: holdings };
  if (holdings.outOfTurn !== undefined) return { valid: false, core: holdings.outOfTurn };
  const { invoked, completed } = view;
  let holder = NONE;
  for (const acquire of acquiresInOrder(view)) {
    const release = holder === NONE ? NONE : holdings.releaseOf[holder]!;
    const free = holder === NONE || (release !== NONE && invoked[release]! < completed[acquire]!);
    if (!free) {
      const core = [holder, release, acquire, holdings.releaseOf[acquire]!];
      return { valid: false, core: distinct(core.filter((operation) => operation !== NONE)) };
    }
    holder = acquire;
  }
  return { valid: true };
}

function linearize(view: ObjectView): Int32Array {
  const holdings = holdingsOf(view);
  const order = new Int32Array(view.size);
  if (typeof holdings === "string") return order.subarray(0, 0);
  let placed = 0;
  for (const acquire of acquiresInOrder(view)) {
    order[placed++] = acquire;
    const release = holdings.releaseOf[acquire]!;
    if (release !== NONE) order[placed++] = release;
  }
  return order.subarray(0, placed);
}

function acquiresInOrder(view: ObjectView): Int32Array {
  return byCompletion(view).filter((operation) => view.f[operation] === ACQUIRE);
}

/** A text says why the rule does not apply. */
function holdingsOf(view: ObjectView): Holdings | string {
  const { size, f, process, invoked, completed } = view;
  const releaseOf = new Int32Array(size).fill(NONE);
  /** Per process, its last operation and the acquire before that. */
  const lastOf = new Map<number, number>();
  const acquireOf = new Int32Array(size).fill(NONE);
  for (let i = 0; i < size; i++) {
    const last = lastOf.get(process[i]!) ?? NONE;
    if (last !== NONE && completed[last]! > invoked[i]!) {
      return `process ${process[i]} has two operations open`;
    }
    lastOf.set(process[i]!, i);
    const holds = last !== NONE && f[last] === ACQUIRE;
    if (holds === (f[i] !== ACQUIRE)) {
      if (!holds) continue;
      releaseOf[last] = i;
      acquireOf[i] = last;
    } else if (completed[i] !== PENDING) {
      const before = last === NONE || holds ? [last] : [acquireOf[last]!, last];
      const outOfTurn = [...before, i].filter((operation) => operation !== NONE);
      return { releaseOf, outOfTurn };
    }
  }
  return { releaseOf, outOfTurn: undefined };
}
