/**
 * A stack (push, pop, peek) whose elements are all different.
 *
 * Call an element clear when each of its operations is open at some instant at which no other
 * element is surely inside (insideFrom..insideTo, see elements.ts). Two facts make removing clear elements,
 * in any order, a decision: linearizable iff nothing is left, and each answer of "empty" is explained.
 *
 * - Removing a clear element x changes nothing. If the rest is linearizable, cut it at the instants
 *   found for x's operations: at each, no other element is surely inside, so all may be out (the
 *   splitting of elements.ts). Put x's operations at the cuts: x is alone at the bottom there, and
 *   between push and pop everything else comes and goes on top of it. The converse is projection.
 * - A linearizable history with elements has a clear one: the first that is pushed. At its
 *   push and after its pop the stack is empty, and at each peek it is alone. Clear elements stay clear
 *   when others are removed, so the order does not matter.
 *
 * An operation becomes fine when an instant it is open at loses its last cover, or the last but its own
 * element's. Each instant is looked at when at most one element covers it (depths.ts), and
 * once more when that one is removed. Finding the operations open at an instant that nothing covers:
 * only those matter that lie between the uncovered instants next to it, and these can be read off the
 * shorter of two lists: those beginning to its left, those ending to its right. O(n log n).
 *
 * Pending pops: see pending-takes.ts. Not covered: repeated elements.
 * Source: Lee & Mathur, Efficient Decrease-and-Conquer Linearizability Monitoring, 2024 (arXiv
 * 2410.04581): the same reduction, there with interval trees; here with peeks and empty answers.
 */

import { PENDING } from "../../../histories/columns.js";
import type { Algorithm } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { Arrangement } from "./arrangement.js";
import { type CollectionRule, elementsToLinearize, examineCollection } from "./collection.js";
import { allOf, Cover, findFalseEmpty, uncoveredBy } from "./cover.js";
import { asCore, type Elements, readElements, stepsOf } from "./elements.js";
import { bucketed } from "./instants.js";
import { LeastByPlace } from "./least-by-place.js";
import { Peeling } from "./peeling.js";
import { type Deadlines, observersOf } from "./pending-takes.js";
import { smallestCore } from "./smallest-core.js";

const NONE = -1;

export const stackMonitor: Algorithm = {
  name: "stack monitor",
  complexity: "n log n",
  source: "Lee & Mathur 2024 (arXiv 2410.04581)",

  examine(view) {
    return examineCollection(view, rule);
  },

  linearize(view) {
    const elements = elementsToLinearize(view, rule);
    if (elements === undefined) return new Int32Array(0);
    return arrange(elements, new Peeling(elements));
  },
};

const rule: CollectionRule = {
  findConflict(elements) {
    const { stuck } = new Peeling(elements);
    if (stuck.length > 0) return () => smallConflict(elements, stuck);
    return findFalseEmpty(elements);
  },
  addDeadlines,
  isDecidedByDeadlines: () => false,
};

/**
 * Who is on top while another element is surely inside must be out when that one is seen again: x is
 * on top at its push and at each peek.
 */
function addDeadlines(elements: Elements, deadlines: Deadlines): void {
  const { count, put, take, lookStart, looks, lo, hi, instants, insideFrom } = elements;
  const putBy = Int32Array.from(put, (step) => hi[step]!);
  const { sorted: byPut } = bucketed(allOf(elements), putBy, instants);
  const elementOf = new Int32Array(lo.length);
  const onTop: number[] = [];
  for (let e = 0; e < count; e++) {
    if (take[e] !== NONE) continue;
    for (const step of [put[e]!, ...looks.subarray(lookStart[e]!, lookStart[e + 1]!)]) {
      onTop.push(step);
      elementOf[step] = e;
    }
  }
  const below = new LeastByPlace(instants, hi);
  /** Without elements that were never taken, which would be found below themselves at a peek. */
  const belowForSure = new LeastByPlace(instants, hi);
  let next = 0;
  for (const step of bucketed(Int32Array.from(onTop), lo, instants).sorted) {
    for (; next < count && insideFrom[byPut[next]!]! <= lo[step]!; next++) {
      const e = byPut[next]!;
      observersOf(elements, e, (observer) => {
        below.add(lo[observer]!, observer);
        if (take[e] !== NONE) belowForSure.add(lo[observer]!, observer);
      });
    }
    const e = elementOf[step]!;
    deadlines.add(e, (step === put[e] ? below : belowForSure).after(hi[step]!));
  }
}

/**
 * Steps of few elements that hold each other up. Starting from one, an operation of each that is
 * covered by others for as long as it is open, and these others in turn; then as few as trying
 * without some of them leaves.
 */
function smallConflict(elements: Elements, stuck: Int32Array): number[] {
  const { put, take, lookStart, looks, lo, hi, initial, view } = elements;
  const cover = new Cover(elements, stuck);
  const chosen = new Set([stuck[0]!]);
  for (const e of chosen) {
    const steps = [put[e]!, ...looks.subarray(lookStart[e]!, lookStart[e + 1]!)];
    if (take[e] !== NONE) steps.push(take[e]!);
    let reason: number[] | undefined;
    for (const step of steps) {
      const others = cover.of(lo[step]!, hi[step]!, e);
      if (others === undefined) continue;
      if (reason === undefined || others.length < reason.length) reason = others;
    }
    for (const other of reason ?? []) chosen.add(other);
  }
  // Trying without some would take elements that pending pops were given for elements never taken.
  const isPending = (e: number): boolean =>
    take[e]! >= initial && view.completed[take[e]! - initial] === PENDING;
  if ([...chosen].some(isPending)) return stepsOf(elements, chosen);
  const parts = Array.from(chosen, (e) => asCore(initial, stepsOf(elements, [e])));
  const starting = allOf(elements).filter((e) => e < initial);
  const fixed = asCore(initial, stepsOf(elements, starting));
  const core = smallestCore(view, parts, fixed, isStuck);
  return core.map((i) => i + initial);
}

function isStuck(view: ObjectView): boolean {
  const elements = readElements(view);
  if ("valid" in elements) return elements.valid === false;
  return new Peeling(elements).stuck.length > 0;
}

/** Empty answers, then elements in the order of their removal, each in one gap between those before. */
function arrange(elements: Elements, peeling: Peeling): Int32Array {
  const { instants, initial, put, take, lookStart, lo, empties } = elements;
  const { insideFrom, insideTo } = elements;
  const arrangement = new Arrangement(instants, lo.length);
  if (empties.length > 0) {
    const uncovered = uncoveredBy(elements);
    for (let k = 0; k < empties.length; k++) {
      const at = uncovered.from(lo[empties[k]!]!);
      arrangement.open(at + 1, at + 1);
      arrangement.place(empties[k]!, at);
    }
  }
  const { removed, instantOf } = peeling;
  for (let k = 0; k < removed.length; k++) {
    const e = removed[k]!;
    const last = insideTo[e]! + 1;
    arrangement.open(Math.min(insideFrom[e]!, last), last);
    // The instants found for its steps all serve: the push takes the first, the pop the last.
    const found = peeling
      .watchedOf(e)
      .map((step) => arrangement.within(instantOf[step]!))
      .sort();
    arrangement.place(put[e]!, found[0]!);
    if (lookStart[e + 1]! > lookStart[e]!) placeLooks(arrangement, elements, e, found);
    if (take[e] !== NONE) arrangement.place(take[e]!, found.at(-1)!);
  }
  const order = arrangement.order().filter((step) => step >= initial);
  return order.map((step) => step - initial);
}

/** Each look at the first of the instants found that it is open at: both ascend with its start. */
function placeLooks(
  arrangement: Arrangement,
  { lookStart, looks, lo }: Elements,
  e: number,
  found: Int32Array,
): void {
  let next = 0;
  for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
    while (found[next]! < arrangement.within(lo[looks[k]!]!)) next += 1;
    arrangement.place(looks[k]!, found[next]!);
  }
}
