/**
 * A FIFO queue (enqueue, dequeue, peek) whose elements are all different.
 *
 * Element a goes through the queue before b when its enqueue returned before that of b was invoked,
 * or when some dequeue or peek of a returned before some dequeue or peek of b was invoked: whoever
 * sees a finds it at the front, so all that is seen of b comes after all that is seen of a, or all
 * before. What is never dequeued comes after all that is. A history is linearizable iff
 * these constraints admit an order of the elements, and each answer of "empty" is explained
 * (elements.ts). Given an order, let each enqueue take effect as soon as it and those of the
 * elements ahead were invoked, and each dequeue and peek as soon as it and the dequeues and peeks of
 * elements ahead were: had an operation returned by then, its element would have been ahead instead.
 *
 * The order is found by taking elements off the front while any of them may be first; a choice
 * never spoils another. When none may, the element x whose enqueue returned first and the two, y and z,
 * of which something was seen first are enough to hold each other up: the enqueue of x is waited for by
 * elements enqueued later, and what was seen of y (for y itself: of z) by all others. So a
 * contradiction needs at most three elements; two when nothing is peeked, which is the classical rule.
 *
 * Pending dequeues (pending-takes.ts): an element never dequeued must be out before anything seen of an
 * element behind it returns. Without peeks and empty answers, meeting these deadlines violates no
 * constraint that was not violated before: a dequeue that never returns comes before nothing, and
 * whoever is ahead of an overtaken element is overtaken too.
 *
 * Not covered: repeated elements. O(n). Sources: Gibbons, Bruno & Phillips, Black-Box Correctness
 * Tests for Basic Parallel Data Structures, 2002 (the rule for pairs); Henzinger, Sezgin &
 * Vafeiadis, Aspect-Oriented Linearizability Proofs, CONCUR 2013 (empty answers).
 */

import type { Algorithm } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import {
  type CollectionRule,
  type Conflict,
  elementsToLinearize,
  examineCollection,
} from "./collection.js";
import { findFalseEmpty, uncoveredBy } from "./cover.js";
import { type Elements, stepsOf } from "./elements.js";
import { bucketed } from "./instants.js";
import { type Deadlines, observersOf } from "./pending-takes.js";

const NONE = -1;

export const queueMonitor: Algorithm = {
  name: "queue monitor",
  complexity: "n",
  source: "Gibbons, Bruno & Phillips 2002; Henzinger, Sezgin & Vafeiadis 2013",

  examine(view) {
    return examineCollection(view, rule);
  },

  linearize(view) {
    const elements = elementsToLinearize(view, rule);
    if (elements === undefined) return new Int32Array(0);
    return ordered(view, elements, peel(elements).order);
  },
};

const rule: CollectionRule = {
  findConflict,
  addDeadlines,
  isDecidedByDeadlines: ({ looks, empties }) => looks.length === 0 && empties.length === 0,
};

function findConflict(elements: Elements): Conflict | undefined {
  if (elements.looks.length > 0 || isOvertaken(elements)) {
    const { stuck } = peel(elements);
    if (stuck !== undefined) return () => stepsOf(elements, stuck);
  }
  return findFalseEmpty(elements);
}

/**
 * Without peeks two elements are enough for a contradiction: a was put before b, and b's dequeue
 * returned before a's was invoked. O(n), and several times faster than `peel`.
 */
function isOvertaken(elements: Elements): boolean {
  const { count, put, take, lo, hi, instants, insideFrom, insideTo } = elements;
  /** Per instant, the latest end of elements surely put before it. */
  const latest = new Int32Array(instants + 1);
  for (let e = 0; e < count; e++) {
    const from = insideFrom[e]!;
    if (insideTo[e]! >= latest[from]!) latest[from] = insideTo[e]! + 1;
  }
  for (let at = 1; at <= instants; at++) {
    if (latest[at - 1]! > latest[at]!) latest[at] = latest[at - 1]!;
  }
  for (let e = 0; e < count; e++) {
    if (take[e] !== -1 && latest[lo[put[e]!]!]! > hi[take[e]!]!) return true;
  }
  return false;
}

/** What is seen of an element needs those ahead of it to be out: put before it, or seen before. */
function addDeadlines(elements: Elements, deadlines: Deadlines): void {
  const { count, put, take, lookStart, looks, lo, hi, insideFrom, insideTo } = elements;
  const putLater = new FirstFrom(elements);
  const seenLater = new FirstFrom(elements);
  for (let e = 0; e < count; e++) {
    let first = NONE;
    observersOf(elements, e, (step) => {
      if (first === NONE || hi[step]! < hi[first]!) first = step;
    });
    if (first === NONE) continue;
    putLater.offer(lo[put[e]!]!, first);
    if (take[e] !== NONE) seenLater.offer(insideTo[e]! + 1, first);
  }
  for (let e = 0; e < count; e++) {
    if (take[e] !== NONE) continue;
    deadlines.add(e, putLater.from(insideFrom[e]!));
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
      deadlines.add(e, seenLater.from(hi[looks[k]!]! + 1));
    }
  }
}

/** Of steps filed under instants, the first to return of those filed under an instant or later. */
class FirstFrom {
  readonly #steps: Int32Array;
  #isCumulated = false;

  constructor(readonly elements: Elements) {
    this.#steps = new Int32Array(elements.instants + 1).fill(NONE);
  }

  /** All offers come before the first question. */
  offer(at: number, step: number): void {
    const known = this.#steps[at]!;
    const { hi } = this.elements;
    if (known === NONE || hi[step]! < hi[known]!) this.#steps[at] = step;
  }

  from(at: number): number {
    for (let i = this.elements.instants; !this.#isCumulated && i > 0; i--) {
      if (this.#steps[i] !== NONE) this.offer(i - 1, this.#steps[i]!);
    }
    this.#isCumulated = true;
    return this.#steps[at]!;
  }
}

/** An order of the elements, or at most three that hold each other up. O(n). */
function peel(elements: Elements): { order: Int32Array; stuck: number[] | undefined } {
  const { count, put, take, lo, hi, instants, insideFrom, insideTo } = elements;
  const { lookStart, looks } = elements;
  const putBy = new Int32Array(count);
  /** The first return, and the last invocation, of what sees the element. */
  const firstSeen = new Int32Array(count);
  const lastSeen = new Int32Array(count);
  for (let e = 0; e < count; e++) {
    putBy[e] = insideFrom[e]! - 1;
    lastSeen[e] = insideTo[e]! + 1;
    let first = take[e] === -1 ? instants : hi[take[e]!]!;
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
      if (hi[looks[k]!]! < first) first = hi[looks[k]!]!;
    }
    firstSeen[e] = first;
  }
  const ids = new Int32Array(count);
  for (let e = 0; e < count; e++) ids[e] = e;
  const byPut = bucketed(ids, putBy, instants + 1).sorted;
  const byFirst = bucketed(ids, firstSeen, instants + 1).sorted;
  const byLast = bucketed(ids, lastSeen, instants + 1).sorted;

  const order = new Int32Array(count);
  let ready = 0;
  let removedCount = 0;
  const removed = new Uint8Array(count);
  /** One for each of the two conditions that hold; ready when both do. */
  const granted = new Uint8Array(count);
  let [x, y, putting, seeing] = [0, 0, 0, 0];
  while (removedCount < count) {
    while (removedCount < ready) removed[order[removedCount++]!] = 1;
    while (x < count && removed[byPut[x]!] === 1) x += 1;
    while (y < count && removed[byFirst[y]!] === 1) y += 1;
    if (x === count) break;
    const earliestPut = putBy[byPut[x]!]!;
    const earliestSeen = firstSeen[byFirst[y]!]!;
    for (; putting < count && lo[put[putting]!]! <= earliestPut; putting++) {
      if (++granted[putting]! === 2 && removed[putting] === 0) order[ready++] = putting;
    }
    for (; seeing < count && lastSeen[byLast[seeing]!]! <= earliestSeen; seeing++) {
      const e = byLast[seeing]!;
      if (++granted[e]! === 2 && removed[e] === 0) order[ready++] = e;
    }
    if (ready > removedCount) continue;
    // Its own return does not hold up the element that was seen first.
    let z = y + 1;
    while (z < count && removed[byFirst[z]!] === 1) z += 1;
    const first = byFirst[y]!;
    const second = z < count ? firstSeen[byFirst[z]!]! : instants;
    if (lo[put[first]!]! <= earliestPut && lastSeen[first]! <= second) {
      order[ready++] = first;
      continue;
    }
    const blocker = (e: number): number => {
      if (lo[put[e]!]! > earliestPut) return byPut[x]!;
      return e === first ? byFirst[z]! : first;
    };
    return { order, stuck: cycleFrom(byPut[x]!, blocker) };
  }
  return { order, stuck: undefined };
}

function cycleFrom(start: number, next: (e: number) => number): number[] {
  const path = [start];
  for (;;) {
    const e = next(path.at(-1)!);
    if (path.includes(e)) return path.slice(path.indexOf(e));
    path.push(e);
  }
}

/**
 * The operations in the order of the elements. Empty answers cut it into parts between which
 * the queue is empty, and each element goes through the queue within one of them.
 */
function ordered(view: ObjectView, elements: Elements, byElement: Int32Array): Int32Array {
  const { instants, count, put, take, lo, insideFrom, insideTo, empties, initial } = elements;
  const { lookStart, looks } = elements;
  const emptyAt = new Int32Array(lo.length);
  if (empties.length > 0) {
    const uncovered = uncoveredBy(elements);
    for (let k = 0; k < empties.length; k++) {
      emptyAt[empties[k]!] = uncovered.from(lo[empties[k]!]!);
    }
  }
  const cuts = bucketed(empties, emptyAt, instants);
  const cutInstants: number[] = [];
  const cutsBefore = new Int32Array(instants + 1);
  for (let at = 0; at < instants; at++) {
    if (cuts.start[at + 1]! > cuts.start[at]!) cutInstants.push(at);
    cutsBefore[at + 1] = cutInstants.length;
  }
  const partOf = new Int32Array(count);
  for (let e = 0; e < count; e++) {
    partOf[e] = cutsBefore[Math.min(insideFrom[e]!, insideTo[e]! + 1)]!;
  }
  const parts = bucketed(byElement, partOf, cutInstants.length + 1);

  const order = new Int32Array(view.size);
  let length = 0;
  const emit = (step: number): void => {
    if (step >= initial) order[length++] = step - initial;
  };
  const putAt = new Int32Array(count);
  for (let part = 0; part <= cutInstants.length; part++) {
    const end = parts.start[part + 1]!;
    let waiting = parts.start[part]!;
    let at = part === 0 ? 0 : cutInstants[part - 1]!;
    let seenUntil = at;
    for (let place = waiting; place < end; place++) {
      const e = parts.sorted[place]!;
      at = Math.max(at, lo[put[e]!]!);
      putAt[e] = at;
    }
    const emitPuts = (until: number): void => {
      while (waiting < end && putAt[parts.sorted[waiting]!]! <= until) {
        emit(put[parts.sorted[waiting++]!]!);
      }
    };
    for (let place = parts.start[part]!; place < end; place++) {
      const e = parts.sorted[place]!;
      for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
        emitPuts(Math.max(seenUntil, lo[looks[k]!]!));
        emit(looks[k]!);
      }
      seenUntil = Math.max(seenUntil, insideTo[e]! + 1);
      if (take[e] === -1) continue;
      emitPuts(seenUntil);
      emit(take[e]!);
    }
    emitPuts(instants);
    if (part === cutInstants.length) break;
    const cut = cutInstants[part]!;
    for (let k = cuts.start[cut]!; k < cuts.start[cut + 1]!; k++) emit(cuts.sorted[k]!);
  }
  return order.subarray(0, length);
}
