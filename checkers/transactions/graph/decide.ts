/**
 * Decides a dependency graph whose version orders are known: whether it has a cycle that a criterion
 * forbids. If not, the order in which it was taken apart is the proof; if so, cycles are.
 *
 * Linear for every form but `one-rw`, and in the search for the shortest cycles; these count steps.
 * A graph without forbidden cycles is decided by `peel` alone.
 */

import { assert } from "../../../src/base/errors.js";
import type {
  Criterion,
  Cycle,
  CycleForm,
  DependencyGraph,
  GraphDecision,
} from "../dependencies.js";
import { kindsOf, wholeOf } from "./automaton.js";
import { strongComponents } from "./components.js";
import { compareCycles, cycleOf } from "./cycle.js";
import { climb } from "./ladder.js";
import { GONE, type Peeled, peel, peelEvents } from "./peel.js";
import { nextInProcess, type Relation, relationOf } from "./relation.js";
import { cutResidue, type Residue } from "./residue.js";
import { StateGraph } from "./states.js";
import { Steps } from "./steps.js";

export interface DecideOptions {
  /** Edges looked at to decide about single rw edges, where that is not linear. */
  decidingSteps?: number;
  /** Edges looked at for shortest cycles; beyond that some cycle is found, not surely the shortest. */
  searchingSteps?: number;
  /** Of one class; of all together four times as many, but one of each class in any case. */
  cyclesMax?: number;
  /** Whether to look for more than the worst class of each component. */
  isWorstEnough?: boolean;
}

const DEFAULTS: Required<DecideOptions> = {
  decidingSteps: 200_000_000,
  searchingSteps: 40_000_000,
  cyclesMax: 16,
  isWorstEnough: false,
};

/** Version orders that are open are taken as if nothing followed from them. */
export function decideGraph(
  graph: DependencyGraph,
  criterion: Criterion,
  options: DecideOptions = {},
): GraphDecision {
  const limits = { ...DEFAULTS, ...options };
  const { form, order } = criterion;
  const relation = relationOf(graph, order);
  const isSplit = splits(form);
  const peeled = isSplit
    ? peelEvents(relation, form === "prefix", order)
    : peel(relation, kindsOf(form), order);
  if (peeled.isEmpty) return { holds: true, ...certificate(form, graph, peeled) };
  const residue = residueOf(graph, relation, criterion, peeled);
  const { walks, isAffected, undecided } = climb(residue, form, order, {
    deciding: new Steps(limits.decidingSteps),
    searching: new Steps(limits.searchingSteps),
    comparing: new Steps(limits.searchingSteps),
    walksMax: limits.cyclesMax,
    isAll: !limits.isWorstEnough && limits.cyclesMax > 0,
  });
  let components = 0;
  let affected = 0;
  isAffected.forEach((isOne, c) => {
    if (isOne === 0) return;
    components++;
    affected += residue.memberStart[c + 1]! - residue.memberStart[c]!;
  });
  if (components === 0) {
    assert(form === "one-rw", "a component without a cycle");
    if (undecided === 0) return { holds: true };
    return { holds: "unknown", reason: unknown(undecided, limits.decidingSteps) };
  }
  const cycles = walks.map((walk) => cycleOf(graph, residue, walk)).sort(compareCycles);
  return { holds: false, cycles: leading(cycles, 4 * limits.cyclesMax), components, affected };
}

/** As many as that, in their order, and none is the second of its class before others have a first. */
function leading(cycles: readonly Cycle[], cyclesMax: number): Cycle[] {
  const seen = new Map<string, number>();
  const ranks = cycles.map(({ type }) => {
    const rank = seen.get(type) ?? 0;
    seen.set(type, rank + 1);
    return rank;
  });
  const places = [...cycles.keys()].sort((i, j) => ranks[i]! - ranks[j]! || i - j);
  const chosen = new Set(places.slice(0, Math.max(cyclesMax, seen.size)));
  return cycles.filter((_, i) => chosen.has(i));
}

function unknown(undecided: number, steps: number): string {
  const where = undecided === 1 ? "1 component" : `${undecided} components`;
  return `after ${steps} steps it is open whether ${where} of the dependency graph has a cycle with a single anti-dependency`;
}

function splits(form: CycleForm): boolean {
  return form === "one-rw" || form === "prefix" || form === "snapshot";
}

function certificate(
  form: CycleForm,
  graph: DependencyGraph,
  peeled: Peeled,
): { order?: Int32Array } {
  const { size } = graph.transactions;
  if (form === "one-rw") return {};
  const events = splits(form) ? 2 * size : size;
  return { order: peeled.order.filter((event) => event < events) };
}

/** In a split graph, walks of state 0 pass a transaction's snapshot, those of state 1 its commit only. */
function residueOf(
  graph: DependencyGraph,
  relation: Relation,
  { form, order }: Criterion,
  peeled: Peeled,
): Residue {
  const { size, nodes } = relation;
  const automaton = wholeOf(form);
  const isRoot = new Uint8Array(nodes << automaton.shift);
  if (splits(form)) {
    for (let event = 0; event < 2 * size; event++)
      if (peeled.degree[event] !== GONE) isRoot[event] = 1;
  } else {
    for (let v = 0; v < nodes; v++) if (peeled.degree[v] !== GONE) isRoot[v] = 1;
  }
  const found = strongComponents(new StateGraph(relation, automaton, order), isRoot);
  const next =
    order === "realtime" ? nextInProcess(graph.transactions, relation.present) : relation.next;
  return cutResidue(relation, automaton.shift, found, next);
}
