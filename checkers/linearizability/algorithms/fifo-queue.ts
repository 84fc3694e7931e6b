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
 * Pending dequeues, when there are no peeks and no empty answers: an element never dequeued which
 * one behind it overtook must have been taken by a pending dequeue invoked before the dequeue behind
 * it returned. The most urgent get the dequeues invoked first; then no constraint is violated
 * that was not before, for a dequeue that never returns comes before nothing, and whoever is ahead of an
 * overtaken element is overtaken too. With peeks or empty answers, see elements.ts.
 *
 * Not covered: repeated elements. O(n). Sources: Gibbons, Bruno & Phillips, Black-Box Correctness
 * Tests for Basic Parallel Data Structures, 2002 (the rule for pairs); Henzinger, Sezgin &
 * Vafeiadis, Aspect-Oriented Linearizability Proofs, CONCUR 2013 (empty answers).
 */

import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { allOf, findFalseEmpty, uncoveredBy } from "./cover.js";
import { asCore, type Elements, examineElements, readElements, stepsOf } from "./elements.js";
import { bucketed } from "./instants.js";

export const queueMonitor: Algorithm = {
  name: "queue monitor",
  complexity: "n",
  source: "Gibbons, Bruno & Phillips 2002; Henzinger, Sezgin & Vafeiadis 2013",

  examine(view): Finding {
    const elements = readElements(view);
    if ("valid" in elements) return elements;
    if (!canAssign(elements)) return examineElements(elements, findConflict);
    const conflict = assignPendingTakes(elements) ?? findConflict(elements);
    if (conflict === undefined) return { valid: true };
    return { valid: false, core: asCore(elements.initial, conflict) };
  },

  linearize(view): Int32Array {
    const elements = readElements(view);
    if ("valid" in elements) return new Int32Array(0);
    if (canAssign(elements)) assignPendingTakes(elements);
    return ordered(view, elements, peel(elements).order);
  },
};

function findConflict(elements: Elements): number[] | undefined {
  const { stuck } = peel(elements);
  return stuck === undefined ? findFalseEmpty(elements) : stepsOf(elements, stuck);
}

function canAssign({ pendingTakes, looks, empties }: Elements): boolean {
  return pendingTakes.length > 0 && looks.length === 0 && empties.length === 0;
}

/** Makes pending dequeues the takes of overtaken elements; returns a shortage of them. */
function assignPendingTakes(elements: Elements): number[] | undefined {
  const { count, put, take, lo, hi, instants, insideFrom, insideTo, pendingTakes } = elements;
  // Per instant: among elements put at it or later, the one whose dequeue returned first.
  const overtaker = new Int32Array(instants + 1).fill(-1);
  const offer = (at: number, e: number): void => {
    const known = overtaker[at]!;
    if (known === -1 || hi[take[e]!]! < hi[take[known]!]!) overtaker[at] = e;
  };
  for (let e = 0; e < count; e++) if (take[e] !== -1) offer(lo[put[e]!]!, e);
  for (let at = instants - 1; at >= 0; at--) {
    if (overtaker[at + 1] !== -1) offer(at, overtaker[at + 1]!);
  }
  const missing = allOf(elements).filter((e) => take[e] === -1 && overtaker[insideFrom[e]!] !== -1);
  const deadline = new Int32Array(count);
  for (const e of missing) deadline[e] = hi[take[overtaker[insideFrom[e]!]!]!]!;
  const { sorted } = bucketed(missing, deadline, instants);
  for (const [rank, e] of sorted.entries()) {
    const step = pendingTakes[rank];
    if (step === undefined || lo[step]! > deadline[e]!) {
      const short = sorted.subarray(0, rank + 1);
      const others = Array.from(short, (late) => overtaker[insideFrom[late]!]!);
      const unassigned = Array.from(short, (late) => put[late]!);
      return [...unassigned, ...pendingTakes.subarray(0, rank), ...stepsOf(elements, others)];
    }
  }
  for (const [rank, e] of sorted.entries()) {
    const step = pendingTakes[rank]!;
    take[e] = step;
    lo[step] = Math.max(lo[step]!, lo[put[e]!]!);
    insideTo[e] = lo[step]! - 1;
  }
  return undefined;
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
