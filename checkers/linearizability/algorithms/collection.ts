/** How queues, stacks and priority queues are examined: what differs is in `CollectionRule`. */

import type { Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { asCore, type Elements, readElements, restricted } from "./elements.js";
import {
  addDeadlinesOfEmpties,
  advance,
  Deadlines,
  findShortage,
  takenOnly,
  withPendingTakes,
} from "./pending-takes.js";

/** Finds out which steps contradict each other: work that a conflict which proves nothing is spared. */
export type Conflict = () => number[];

export interface CollectionRule {
  /** Nothing when the history is linearizable; pending takes that are nobody's are ignored. */
  findConflict(elements: Elements): Conflict | undefined;
  /** Which completed steps need which elements to be out, for elements that no completed step took. */
  addDeadlines(elements: Elements, deadlines: Deadlines): void;
  /** Whether meeting the deadlines is all that matters, so that a conflict after that is certain. */
  isDecidedByDeadlines(elements: Elements): boolean;
}

/** Operations judged in all guesses together. */
const EFFORT_MAX = 8_000_000;

/** Exact, or "not-applicable" when too much depends on what pending takes took. */
export function examineCollection(view: ObjectView, rule: CollectionRule): Finding {
  const elements = readElements(view);
  if ("valid" in elements) return elements;
  const { initial, pendingTakes } = elements;
  if (pendingTakes.length === 0) {
    const conflict = rule.findConflict(elements);
    if (conflict === undefined) return { valid: true };
    return { valid: false, core: asCore(initial, conflict()) };
  }
  const deadlines = deadlinesOf(elements, rule);
  const shortage = findShortage(elements, deadlines);
  if (shortage !== undefined) return { valid: false, core: asCore(initial, shortage()) };
  const conflict = rule.findConflict(withPendingTakes(elements, deadlines));
  if (conflict === undefined) return { valid: true };
  if (rule.isDecidedByDeadlines(elements)) {
    return { valid: false, core: asCore(initial, conflict()) };
  }
  const certain = examineTaken(elements, rule);
  if (certain !== undefined) return certain;
  if (explained(elements, rule) !== undefined) return { valid: true };
  return { valid: "not-applicable", why: "pending removals may have taken elements" };
}

/** The elements of a view that was found valid, pending takes given to those that need them. */
export function elementsToLinearize(view: ObjectView, rule: CollectionRule): Elements | undefined {
  const elements = readElements(view);
  if ("valid" in elements) return undefined;
  return elements.pendingTakes.length === 0 ? elements : explained(elements, rule);
}

function deadlinesOf(elements: Elements, rule: CollectionRule): Deadlines {
  const deadlines = new Deadlines(elements);
  rule.addDeadlines(elements, deadlines);
  addDeadlinesOfEmpties(elements, deadlines);
  return deadlines;
}

/** Looks for takes that explain the history; a deadline that proves too late is moved forward. */
function explained(elements: Elements, rule: CollectionRule): Elements | undefined {
  const deadlines = deadlinesOf(elements, rule);
  const { size } = elements.view;
  for (let effort = 0; effort <= EFFORT_MAX + size; effort += size) {
    if (findShortage(elements, deadlines) !== undefined) return undefined;
    const assigned = withPendingTakes(elements, deadlines);
    const conflict = rule.findConflict(assigned);
    if (conflict === undefined) return assigned;
    if (!advance(deadlines, assigned, conflict())) return undefined;
  }
  return undefined;
}

/** A violation among the elements that completed takes took. */
function examineTaken(all: Elements, rule: CollectionRule): Finding | undefined {
  const taken = takenOnly(all);
  if (taken === undefined) return undefined;
  const elements = readElements(restricted(all.view, taken));
  if ("valid" in elements) return undefined;
  const conflict = rule.findConflict(elements);
  if (conflict === undefined) return undefined;
  return { valid: false, core: asCore(elements.initial, conflict()).map((i) => taken[i]!) };
}
