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
 * Pending pops: see elements.ts. Not covered: repeated elements.
 * Source: Lee & Mathur, Efficient Decrease-and-Conquer Linearizability Monitoring, 2024 (arXiv
 * 2410.04581): the same reduction, there with interval trees; here with peeks and empty answers.
 */

import type { Algorithm } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { Arrangement } from "./arrangement.js";
import { allOf, Cover, findFalseEmpty, uncoveredBy } from "./cover.js";
import { asCore, type Elements, examineElements, readElements, stepsOf } from "./elements.js";
import { Peeling } from "./peeling.js";
import { smallestCore } from "./smallest-core.js";

export const stackMonitor: Algorithm = {
  name: "stack monitor",
  complexity: "n log n",
  source: "Lee & Mathur 2024 (arXiv 2410.04581)",

  examine(view) {
    const elements = readElements(view);
    if ("valid" in elements) return elements;
    return examineElements(elements, (some) => {
      const { stuck } = new Peeling(some);
      return stuck.length > 0 ? smallConflict(some, stuck) : findFalseEmpty(some);
    });
  },

  linearize(view) {
    const elements = readElements(view);
    if ("valid" in elements) return new Int32Array(0);
    return arrange(elements, new Peeling(elements));
  },
};

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
    if (take[e] !== -1) steps.push(take[e]!);
    let reason: number[] | undefined;
    for (const step of steps) {
      const others = cover.of(lo[step]!, hi[step]!, e);
      if (others === undefined) continue;
      if (reason === undefined || others.length < reason.length) reason = others;
    }
    for (const other of reason ?? []) chosen.add(other);
  }
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
    if (take[e] !== -1) arrangement.place(take[e]!, found.at(-1)!);
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
