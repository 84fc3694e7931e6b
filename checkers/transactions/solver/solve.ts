/**
 * Decides a dependency graph some of whose version orders are open: whether they can be chosen so
 * that no cycle is left that a criterion forbids. Where they can do no harm (`free-orders`) that is
 * asked of the rest of the graph alone. Else there are layers, of which each is sound, and what it
 * settles is not asked again:
 *
 * 1. a schedule that waits with each write until the version before it was read (`initial-order`):
 *    the orders of versions in it explain most valid histories;
 * 2. a cycle without any choice, if there is one;
 * 3. repair of that schedule where reads contradict it, with a search among the choices that are
 *    not forced (`search`, `one-rw-search`).
 *
 * Orders that were found are judged once more, by the rules for known orders.
 */

import { assert } from "../../../src/base/errors.js";
import type { Criterion, CycleForm, DependencyGraph, GraphDecision } from "../dependencies.js";
import { severityOf } from "../graph/cycle.js";
import { decideGraph } from "../graph/decide.js";
import { leavesOf, transactionsOf } from "./case-tree.js";
import { complete } from "./completion.js";
import { eventGraph } from "./event-graph.js";
import { areOrdersFree, ordersAlong } from "./free-orders.js";
import { deadlines, initialOrder } from "./initial-order.js";
import { searchOneRw } from "./one-rw-search.js";
import { openVersions } from "./open-versions.js";
import { type SearchResult, type SearchTask, search } from "./search.js";

export interface SolveOptions {
  /** Edges looked at in repair and search; linear passes are not counted. */
  stepsMax?: number;
}

export const SOLVING_STEPS = 200_000_000;

export function solveGraph(
  graph: DependencyGraph,
  criterion: Criterion,
  { stepsMax = SOLVING_STEPS }: SolveOptions = {},
): GraphDecision {
  const options = { decidingSteps: stepsMax };
  if (graph.open.length === 0) return decideGraph(graph, criterion, options);
  const closed = { ...graph, open: [] };
  if (areOrdersFree(graph, criterion.form)) {
    const known = decideGraph(closed, criterion, options);
    if (known.holds !== true) return known;
    return { ...known, versions: ordersAlong(graph, criterion.form, known.order!) };
  }
  if (criterion.form === "one-rw") {
    const known = decideGraph(closed, criterion, options);
    if (known.holds !== true) return known;
  }
  const task = taskOf(graph, criterion, stepsMax, deadlines(graph));
  if (task === undefined) {
    const known = decideGraph(closed, criterion, options);
    assert(known.holds !== true, "a cycle that is known");
    return known;
  }
  return decisionOf(graph, criterion, attempt(graph, criterion, task));
}

function taskOf(
  graph: DependencyGraph,
  criterion: Criterion,
  stepsMax: number,
  deadline: Float64Array,
): SearchTask | undefined {
  const events = eventGraph(graph, criterion);
  const versions = openVersions(graph);
  const initial = initialOrder(graph, events, versions, deadline);
  if (initial === undefined) return undefined;
  const { invoked } = graph.transactions;
  return { events, versions, initial, deadline, invoked, stepsMax };
}

function attempt(graph: DependencyGraph, criterion: Criterion, task: SearchTask): SearchResult {
  const { form } = criterion;
  // Whatever asks for more is asked first, if it is found by repair: it answers for all.
  for (const stronger of strongerThan[form] ?? []) {
    const found = quickly(graph, { ...criterion, form: stronger }, task);
    if (found?.kind === "found") return found;
  }
  return form === "one-rw" ? searchOneRw(graph, criterion, task) : search(task);
}

const strongerThan: Partial<Record<CycleForm, readonly CycleForm[]>> = {
  "one-rw": ["any", "snapshot"],
  prefix: ["any", "snapshot"],
  snapshot: ["any"],
};

function quickly(
  graph: DependencyGraph,
  criterion: Criterion,
  { stepsMax, deadline }: SearchTask,
): SearchResult | undefined {
  if (areOrdersFree(graph, criterion.form)) {
    const known = decideGraph({ ...graph, open: [] }, criterion, {
      cyclesMax: 0,
      decidingSteps: 0,
    });
    if (known.holds !== true) return undefined;
    return { kind: "found", versions: ordersAlong(graph, criterion.form, known.order!) };
  }
  const task = taskOf(graph, criterion, stepsMax / 8, deadline);
  return task === undefined ? undefined : search(task);
}

function decisionOf(
  graph: DependencyGraph,
  criterion: Criterion,
  result: SearchResult,
): GraphDecision {
  if (result.kind === "unknown") return { holds: "unknown", reason: result.reason };
  if (result.kind === "found") {
    const decision = decideGraph(complete(graph, result.versions), criterion);
    assert(decision.holds !== false, "orders of versions that were found explain the history");
    return decision.holds === true ? { ...decision, versions: result.versions } : decision;
  }
  const leaves = leavesOf(result.tree);
  // In some order of the versions there is nothing worse than the mildest of these cycles.
  const cycles = leaves
    .map((cycle, place) => ({ cycle, place }))
    .sort((a, b) => severityOf(b.cycle.type) - severityOf(a.cycle.type) || a.place - b.place)
    .map(({ cycle }) => cycle);
  const affected = transactionsOf(cycles).length;
  return { holds: false, cycles, components: 1, affected, contradiction: result.tree };
}
