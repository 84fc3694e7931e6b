/**
 * What goes into a queue comes out, once: accounting over all elements, whatever their order.
 *
 * `enqueue` of a value, `dequeue` that returns one (null: it was empty), `drain` that returns all
 * that were left. An element may be enqueued more than once; it may come out as often. Anomalies:
 * - lost-element: acknowledged, never came out, and the queue was emptied afterwards (by a drain, or
 *   a final dequeue that found nothing). A dequeue of unknown outcome may have taken one element, so
 *   that many may be missing; a drain of unknown outcome any number.
 * - duplicate-element: came out more often than it can have gone in (at-least-once queues may).
 * - garbage-element: nobody tried to enqueue it; aborted-element: its enqueues had all failed;
 *   future-element: came out before its first enqueue began.
 * Elements of unknown enqueues that came out are `recovered`. As Jepsen's total-queue, which counts
 * what crashed dequeues took as lost, needs a drain, and lets duplicates pass. O(n log n).
 */

import type { History, Operation } from "../histories/history.js";
import { EventError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { identity } from "./identity.js";
import { byKey } from "./keys.js";

export interface TotalQueueOptions {
  /** Elements may come out more than once. */
  duplicates?: boolean;
}

export function totalQueueWith({ duplicates = false }: TotalQueueOptions): Checker {
  return {
    name: "total-queue",
    summary: "what was enqueued comes out, once, and nothing else does",
    check: (history) => check(history, duplicates),
  };
}

export const totalQueue = totalQueueWith({});

interface Element {
  value: Json;
  enqueues: Operation[];
  /** Operations that returned it, once for each time. */
  taken: Operation[];
}

interface Tally {
  attempted: number;
  acknowledged: number;
  taken: number;
  recovered: number;
  duplicated: number;
  /** Missing, as many as dequeues of unknown outcome may have taken. */
  unaccounted: number;
}

/** @throws UsageError for an enqueue of null, which stands for an empty queue. */
function check(history: History, duplicates: boolean): Verdict {
  const findings = new Findings();
  const tally: Tally = {
    attempted: 0,
    acknowledged: 0,
    taken: 0,
    recovered: 0,
    duplicated: 0,
    unaccounted: 0,
  };
  let open: string | undefined;
  const relevant = history.operations.filter(
    ({ f }) => f === "enqueue" || f === "dequeue" || f === "drain",
  );
  for (const { operations } of byKey(relevant)) {
    const elements = elementsOf(operations);
    for (const element of elements) judgeElement(element, duplicates, tally, findings);
    open = findLosses(elements, operations, tally, findings) ?? open;
  }
  if (relevant.length === 0) open = "nothing was enqueued or dequeued";
  return findings.verdict({ ...tally }, open);
}

function elementsOf(operations: readonly Operation[]): Element[] {
  const elements = new Map<string | number | boolean, Element>();
  const elementOf = (value: Json): Element => {
    const id = identity(value);
    const element = elements.get(id) ?? { value, enqueues: [], taken: [] };
    elements.set(id, element);
    return element;
  };
  for (const operation of operations) {
    if (operation.f === "enqueue") {
      if (operation.input === null) {
        throw new EventError(
          operation.invoked,
          "enqueue of null: null stands for an empty queue: enqueue something else",
        );
      }
      elementOf(operation.input).enqueues.push(operation);
    } else for (const value of yieldOf(operation)) elementOf(value).taken.push(operation);
  }
  return [...elements.values()];
}

/** What came out. A drain that ended unknown may say what it had got by then. */
function yieldOf({ f, outcome, output }: Operation): Json[] {
  if (f === "drain") return outcome !== "fail" && Array.isArray(output) ? output : [];
  return outcome === "ok" && output !== null ? [output] : [];
}

function judgeElement(
  { value, enqueues, taken }: Element,
  duplicates: boolean,
  tally: Tally,
  findings: Findings,
): void {
  const possible = enqueues.filter(({ outcome }) => outcome !== "fail");
  const acknowledged = enqueues.filter(({ outcome }) => outcome === "ok").length;
  tally.attempted += enqueues.length;
  tally.acknowledged += acknowledged;
  tally.taken += taken.length;
  tally.recovered += Math.max(0, Math.min(taken.length, possible.length) - acknowledged);
  const [first] = taken;
  if (first === undefined) return;
  const what = `element ${show(value)} came out to ${who(first)}`;
  if (enqueues.length === 0) {
    const message = `${what}, though nobody tried to enqueue it`;
    findings.add("garbage-element", () => ({ message, ops: [first.invoked] }));
  } else if (possible.length === 0) {
    const message = `${what}, though its enqueue by ${who(enqueues[0]!)} had failed`;
    findings.add("aborted-element", () => ({ message, ops: indexes([enqueues[0]!, first]) }));
  } else {
    const early = taken.find(({ completed }) => completed < possible[0]!.invoked);
    if (early !== undefined) {
      const message = `element ${show(value)} came out to ${who(early)} before ${who(possible[0]!)} began to enqueue it`;
      findings.add("future-element", () => ({ message, ops: indexes([possible[0]!, early]) }));
    }
    if (taken.length > possible.length) {
      tally.duplicated += taken.length - possible.length;
      if (duplicates) return;
      findings.add("duplicate-element", () => ({
        message: `element ${show(value)} came out ${taken.length} times, though it was enqueued ${possible.length === 1 ? "once" : `${possible.length} times at most`}`,
        ops: indexes(taken.slice(0, 4)),
      }));
    }
  }
}

/** An element that must have been taken out by the completion of a look that found none. */
interface Missing {
  element: Element;
  enqueue: Operation;
  look: Operation;
}

/**
 * Says what could not be decided, if anything. Whatever dequeue of unknown outcome began before a
 * look ended may have taken any one element missing then; so at the end of each look there may be
 * no more missing than such dequeues (Hall's condition for intervals with a common beginning).
 */
function findLosses(
  elements: readonly Element[],
  operations: readonly Operation[],
  tally: Tally,
  findings: Findings,
): string | undefined {
  const looks = operations.filter(isEmptyLook);
  const missing: Missing[] = [];
  let unseen = 0;
  for (const element of elements) {
    const acknowledged = element.enqueues.filter(({ outcome }) => outcome === "ok");
    const gone = acknowledged.length - element.taken.length;
    if (gone <= 0) continue;
    for (const enqueue of acknowledged.slice(0, gone)) {
      const look = lastLookAfter(looks, enqueue);
      if (look === undefined) unseen++;
      else missing.push({ element, enqueue, look });
    }
  }
  missing.sort((a, b) => a.look.completed - b.look.completed);
  const uncertain = operations.filter(({ f, outcome }) => f !== "enqueue" && outcome === "info");
  let takers = 0;
  let capacity = 0;
  let excused = 0;
  for (const { element, enqueue, look } of missing) {
    for (; takers < uncertain.length; takers++) {
      const { f, invoked } = uncertain[takers]!;
      if (invoked > look.completed) break;
      capacity += f === "drain" ? Number.POSITIVE_INFINITY : 1;
    }
    if (excused < capacity) {
      excused++;
      continue;
    }
    findings.add("lost-element", () => ({
      message: `element ${show(element.value)}, acknowledged to ${who(enqueue)}, never came out, though ${who(look)} found the queue empty`,
      ops: indexes([enqueue, look]),
    }));
  }
  tally.unaccounted += excused;
  if (unseen === 0) return undefined;
  return `${unseen} acknowledged elements have not come out, and nobody looked until the queue was empty`;
}

function isEmptyLook({ f, outcome, output, error, final }: Operation): boolean {
  if (f === "drain") return outcome === "ok";
  if (f !== "dequeue" || !final) return false;
  const [reason] = Array.isArray(error) ? error : [error];
  return outcome === "ok" ? output === null : outcome === "fail" && reason === "empty";
}

/** The look that ended last among those that began after the enqueue was acknowledged: replicas may lag. */
function lastLookAfter(looks: readonly Operation[], enqueue: Operation): Operation | undefined {
  let last: Operation | undefined;
  for (const look of looks) {
    if (look.invoked < enqueue.completed) continue;
    if (last === undefined || look.completed > last.completed) last = look;
  }
  return last;
}
