/**
 * A priority queue (insert, delete-min, find-min; or the same with max) whose elements are
 * different numbers.
 *
 * An element can be deleted or found only while nothing that precedes it in priority is inside. A
 * history is linearizable iff each delete and find of each element is open at an instant at which no
 * element preceding it is surely inside (insideFrom..insideTo), and each answer of "empty"
 * is explained (elements.ts). That this is needed is plain.
 *
 * That it is enough: remove the element x which is last in priority. What is left is linearizable by
 * induction. Cut it at the instants found for the deletes and finds of x: at each, no other element
 * is surely inside, so all may be out (the splitting of elements.ts). Insert x's deletes and finds
 * at the cuts, where x alone is inside, and its insert anywhere before: being last in priority, x is in
 * nobody's way.
 *
 * Pending deletes: see pending-takes.ts. Not covered: repeated elements, elements that are no numbers.
 * O(n log n), for sorting the elements. Source: Lee & Mathur, Efficient Decrease-and-Conquer
 * Linearizability Monitoring, 2024 (arXiv 2410.04581), whose argument this is, with finds and empty answers.
 */

import type { Algorithm } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { Arrangement } from "./arrangement.js";
import {
  type CollectionRule,
  type Conflict,
  elementsToLinearize,
  examineCollection,
} from "./collection.js";
import { Cover, findFalseEmpty, uncoveredBy } from "./cover.js";
import { type Elements, stepsOf } from "./elements.js";
import { Uncovered } from "./instants.js";
import { LeastByPlace } from "./least-by-place.js";
import { observersOf } from "./pending-takes.js";
import { sortPermutation } from "./sort-permutation.js";

export type Order = "min" | "max";

const NONE = -1;

export function priorityQueueMonitor(order: Order): Algorithm {
  const rule = ruleFor(order);
  return {
    name: "priority queue monitor",
    complexity: "n log n",
    source: "Lee & Mathur 2024 (arXiv 2410.04581)",

    examine(view) {
      if (hasNumbersOnly(view)) return examineCollection(view, rule);
      return { valid: "not-applicable", why: "an element is no number" };
    },

    linearize(view) {
      const elements = elementsToLinearize(view, rule);
      if (elements === undefined) return new Int32Array(0);
      const ranked = byPriority(elements, order);
      return arrange(elements, ranked, explain(elements, ranked).instantOf);
    },
  };
}

function ruleFor(order: Order): CollectionRule {
  return {
    findConflict(elements) {
      const { failed } = explain(elements, byPriority(elements, order));
      return failed ?? findFalseEmpty(elements);
    },
    /** What is seen of an element after one that precedes it was inserted needs that one to be out. */
    addDeadlines(elements, deadlines) {
      const { put, take, lo, hi, instants } = elements;
      const ranked = byPriority(elements, order);
      const behind = new LeastByPlace(instants, hi);
      for (let rank = ranked.length - 1; rank >= 0; rank--) {
        const e = ranked[rank]!;
        if (take[e] === NONE) deadlines.add(e, behind.after(hi[put[e]!]!));
        observersOf(elements, e, (step) => behind.add(lo[step]!, step));
      }
    },
    isDecidedByDeadlines: () => false,
  };
}

function hasNumbersOnly({ size, f, input, values, init }: ObjectView): boolean {
  for (let i = 0; i < size; i++) if (f[i] === 0 && !values.isNumber(input[i]!)) return false;
  return !values.isList(init) || values.elements(init).every((id) => values.isNumber(id));
}

/** Elements, first in priority first. */
function byPriority(elements: Elements, order: Order): Int32Array {
  const { count, put, initial, view } = elements;
  const { values, input } = view;
  const starting = initial > 0 ? values.elements(view.init) : new Int32Array(0);
  const numbers = new Float64Array(count);
  for (let e = 0; e < count; e++) {
    const step = put[e]!;
    numbers[e] = values.number(step < initial ? starting[step]! : input[step - initial]!);
  }
  const ranked = sortPermutation(numbers);
  return order === "min" ? ranked : ranked.reverse();
}

/**
 * Per delete and find, an instant at which no element preceding its own is surely inside; or steps
 * among which one has none.
 */
function explain(
  elements: Elements,
  ranked: Int32Array,
): { instantOf: Int32Array; failed: Conflict | undefined } {
  const { instants, take, lookStart, looks, lo, hi, insideFrom, insideTo } = elements;
  const instantOf = new Int32Array(lo.length);
  const uncovered = new Uncovered(instants);
  for (let rank = 0; rank < ranked.length; rank++) {
    const e = ranked[rank]!;
    const end = lookStart[e + 1]!;
    for (let k = take[e] === NONE ? lookStart[e]! : lookStart[e]! - 1; k < end; k++) {
      const step = k < lookStart[e]! ? take[e]! : looks[k]!;
      const at = uncovered.from(lo[step]!);
      instantOf[step] = at;
      if (at <= hi[step]!) continue;
      const failed = (): number[] => {
        const preceding = new Cover(elements, ranked.subarray(0, rank));
        return stepsOf(elements, [e, ...(preceding.of(lo[step]!, hi[step]!) ?? [])]);
      };
      return { instantOf, failed };
    }
    uncovered.cover(insideFrom[e]!, insideTo[e]!);
  }
  return { instantOf, failed: undefined };
}

/**
 * Empty answers, then deletes and finds from the last in priority to the first, each element's in
 * one gap between those before. An insert comes right after the gap's left end or, if invoked
 * later, first at the instant of its invocation: inserts do not divide gaps.
 */
function arrange(elements: Elements, ranked: Int32Array, instantOf: Int32Array): Int32Array {
  const { instants, initial, put, take, lookStart, looks, lo, empties } = elements;
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
  /** Lists of inserts: that go after a step, and that open an instant. */
  const after = new Int32Array(lo.length).fill(NONE);
  const opening = new Int32Array(instants).fill(NONE);
  const nextInsert = new Int32Array(lo.length).fill(NONE);
  for (let rank = ranked.length - 1; rank >= 0; rank--) {
    const e = ranked[rank]!;
    const last = insideTo[e]! + 1;
    arrangement.open(Math.min(insideFrom[e]!, last), last);
    const insert = put[e]!;
    const [list, place] =
      arrangement.left >= lo[insert]! ? [after, arrangement.previous] : [opening, lo[insert]!];
    nextInsert[insert] = list[place]!;
    list[place] = insert;
    let latest = 0;
    if (lookStart[e + 1]! > lookStart[e]!) {
      const found = looks.slice(lookStart[e]!, lookStart[e + 1]!);
      const within = (step: number): number => arrangement.within(instantOf[step]!);
      found.sort((a, b) => within(a) - within(b));
      for (const step of found) arrangement.place(step, within(step));
      latest = within(found.at(-1)!);
    }
    if (take[e] === NONE) continue;
    arrangement.place(take[e]!, Math.max(latest, arrangement.within(instantOf[take[e]!]!)));
  }

  const order = new Int32Array(lo.length);
  let length = 0;
  const emitInserts = (first: number): void => {
    for (let insert = first; insert !== NONE; insert = nextInsert[insert]!) {
      if (insert >= initial) order[length++] = insert - initial;
    }
  };
  let opened = 0;
  for (const step of arrangement.order()) {
    while (opened <= arrangement.instantOf(step)) emitInserts(opening[opened++]!);
    order[length++] = step - initial;
    emitInserts(after[step]!);
  }
  while (opened < instants) emitInserts(opening[opened++]!);
  return order.subarray(0, length);
}
