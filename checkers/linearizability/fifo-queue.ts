/**
 * A FIFO queue whose elements are all different: decided without search.
 *
 * "Before" means returned before the other was invoked. A history is linearizable iff no element is
 * taken that was never put, or twice, or before its put; no element is taken before another that was
 * put before it; and no take finds the queue empty while at every moment of its interval some element
 * is surely inside (Gibbons et al. 2002; Henzinger, Sezgin & Vafeiadis, CONCUR 2013).
 *
 * Pending: a put took effect iff its element was taken. A take may have taken any element that
 * completed takes overtook: there must be enough pending takes, invoked in time, for all of these.
 * Together with takes that found nothing that rule is not enough: such histories need the search, as
 * do repeated elements. O(n log n), and O(n * empty takes) for these.
 */

import type { Operation } from "../../histories/history.js";
import { canonical } from "../../src/base/json.js";

export type QueueConflict =
  /** Nobody put it, or its put failed or began after the take had completed. */
  | { kind: "never-put"; take: Operation }
  | { kind: "twice"; first: Operation; second: Operation }
  /** `ahead` was put before `behind`, which was taken first; `aheadTake` is undefined if it never was. */
  | {
      kind: "overtaken";
      ahead: Operation;
      aheadTake: Operation | undefined;
      behind: Operation;
      behindTake: Operation;
    }
  | { kind: "false-empty"; take: Operation; inside: Operation[] };

/** "not-applicable": the search has to decide. */
export type QueueFinding = "linearizable" | "not-applicable" | QueueConflict;

/** An element that was in the queue: its put cannot take effect after `putBy`, its take not before `takenFrom`. */
interface Element {
  put: Operation;
  take: Operation | undefined;
  putBy: number;
  takenFrom: number;
}

/** `operations` are the enqueues and dequeues of one queue that was empty at first. */
export function examineQueue(operations: readonly Operation[]): QueueFinding {
  const happened = operations.filter(({ outcome }) => outcome !== "fail");
  const puts = new Map<string, Operation>();
  for (const put of happened) {
    if (put.f !== "enqueue") continue;
    const element = canonical(put.input);
    if (puts.has(element)) return "not-applicable";
    puts.set(element, put);
  }
  const takes = happened.filter(({ f }) => f === "dequeue");
  const pending = takes.filter(({ outcome }) => outcome === "info");
  const completed = takes.filter(({ outcome }) => outcome === "ok");
  const empty = completed.filter(({ output }) => output === null);
  if (pending.length > 0 && empty.length > 0) return "not-applicable";
  const takeOf = new Map<string, Operation>();
  for (const take of completed) {
    if (take.output === null) continue;
    const element = canonical(take.output);
    const put = puts.get(element);
    if (put === undefined || put.invoked > take.completed) return { kind: "never-put", take };
    const first = takeOf.get(element);
    if (first !== undefined) return { kind: "twice", first, second: take };
    takeOf.set(element, take);
  }
  const elements = [...puts].map(([text, put]) => asElement(put, takeOf.get(text)));
  const inside = elements.filter(({ put, take }) => put.outcome === "ok" || take !== undefined);
  return (
    findOvertaken(inside, pending) ??
    empty.map((take) => findCover(take, inside)).find((conflict) => conflict !== undefined) ??
    "linearizable"
  );
}

function asElement(put: Operation, take: Operation | undefined): Element {
  const end = put.outcome === "ok" ? put.completed : Number.POSITIVE_INFINITY;
  return {
    put,
    take,
    putBy: Math.min(end, take?.completed ?? end),
    takenFrom: take === undefined ? Number.POSITIVE_INFINITY : Math.max(take.invoked, put.invoked),
  };
}

/**
 * Against each element, in the order of their puts, the latest taken of those put before it; and
 * for each element never taken, the first return of a take that overtook it.
 */
function findOvertaken(
  elements: readonly Element[],
  pending: readonly Operation[],
): QueueConflict | undefined {
  const ahead = [...elements].sort((a, b) => a.putBy - b.putBy);
  const behind = elements
    .filter(({ take }) => take !== undefined)
    .sort((a, b) => a.put.invoked - b.put.invoked);
  let latest: Element | undefined;
  let next = 0;
  for (const by of behind) {
    for (; next < ahead.length && ahead[next]!.putBy < by.put.invoked; next++) {
      const { take, takenFrom } = ahead[next]!;
      if (take === undefined) continue;
      if (latest === undefined || takenFrom > latest.takenFrom) latest = ahead[next];
    }
    if (latest !== undefined && latest.takenFrom > by.take!.completed) return overtaken(latest, by);
  }

  const missing: { element: Element; by: Element }[] = [];
  let earliest: Element | undefined;
  for (const element of ahead.toReversed()) {
    while (behind.length > 0 && behind.at(-1)!.put.invoked > element.putBy) {
      const by = behind.pop()!;
      if (earliest === undefined || by.take!.completed < earliest.take!.completed) earliest = by;
    }
    if (element.take === undefined && earliest !== undefined)
      missing.push({ element, by: earliest });
  }
  return findShortage(missing, pending);
}

/** More elements must have been taken by some return than pending takes were invoked before it. */
function findShortage(
  missing: { element: Element; by: Element }[],
  pending: readonly Operation[],
): QueueConflict | undefined {
  missing.sort((a, b) => a.by.take!.completed - b.by.take!.completed);
  let available = 0;
  for (const [rank, { element, by }] of missing.entries()) {
    const deadline = by.take!.completed;
    while (available < pending.length && pending[available]!.invoked < deadline) available += 1;
    if (rank >= available) return overtaken(element, by);
  }
  return undefined;
}

function overtaken(ahead: Element, by: Element): QueueConflict {
  return {
    kind: "overtaken",
    ahead: ahead.put,
    aheadTake: ahead.take,
    behind: by.put,
    behindTake: by.take!,
  };
}

/** Elements that are surely inside, one or the other, from the invocation of the take to its return. */
function findCover(take: Operation, elements: readonly Element[]): QueueConflict | undefined {
  const spans = elements
    .filter(({ putBy, takenFrom }) => putBy < take.completed && takenFrom > take.invoked)
    .sort((a, b) => a.putBy - b.putBy);
  const inside: Operation[] = [];
  let covered = take.invoked;
  for (const { put, putBy, takenFrom } of spans) {
    if (putBy > covered) return undefined;
    if (takenFrom <= covered) continue;
    covered = takenFrom;
    inside.push(put);
    if (covered > take.completed) return { kind: "false-empty", take, inside };
  }
  return undefined;
}
