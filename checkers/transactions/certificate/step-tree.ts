/**
 * Why a graph has no acyclic order: the steps of a cycle, or two cases and why each of them fails.
 * Cases share parts where the solver learned from one what settles another: written out, they may be
 * too many, and then the cycles are all that is told.
 */

import { microKinds } from "../../../histories/transactions.js";
import type { CaseTree, Cycle, CycleEdge } from "../dependencies.js";
import type { Analysis, Step } from "../findings.js";
import { leavesOf } from "../solver/case-tree.js";
import { keyOfChoice } from "../solver/choices.js";

/** A cycle, or two cases. */
export type StepCases =
  | { steps: readonly Step[] }
  | {
      key: number;
      /** The writers of two versions of the key. */
      writers: readonly [number, number];
      /** If the first's version is the older, and if the second's is. */
      cases: readonly [StepCases, StepCases];
    };

/** Or the cycles that more than CASES_MAX cases come down to, the one that is reported first. */
export type StepTree = StepCases | { cycles: readonly (readonly Step[])[] };

export const CASES_MAX = 128;

/** @param contradiction where no single cycle tells why. */
export function stepTreeOf(analysis: Analysis, cycle: Cycle, contradiction?: CaseTree): StepTree {
  const stepsOf = ({ edges }: Cycle): Step[] => edges.map((edge) => stepOf(analysis, edge));
  if (contradiction === undefined) return { steps: stepsOf(cycle) };
  if (casesIn(contradiction, 1) > CASES_MAX) {
    const others = leavesOf(contradiction).filter((other) => other !== cycle);
    return { cycles: [cycle, ...others].map(stepsOf) };
  }
  const written = (tree: CaseTree): StepCases => {
    if (tree.kind === "cycle") return { steps: stepsOf(tree.cycle) };
    const { key, writers, cases } = tree;
    return { key, writers, cases: [written(cases[0]), written(cases[1])] };
  };
  return written(contradiction);
}

/** In lists, what the solver chose is the order of appends that nobody read. */
function stepOf(analysis: Analysis, edge: CycleEdge): Step {
  const key = keyOfChoice(edge.cause);
  if (key === undefined || analysis.service === "rw-register") return analysis.step(edge);
  const { from, to } = edge;
  const { value } = analysis.transactions;
  const fromMicro = lastAppend(analysis, from, key);
  const toMicro = lastAppend(analysis, to, key);
  return {
    from,
    to,
    kind: "ww",
    key,
    fromMicro,
    toMicro,
    value: value[fromMicro]!,
    next: value[toMicro]!,
  };
}

function lastAppend({ transactions }: Analysis, t: number, key: number): number {
  let micro = transactions.from[t + 1]! - 1;
  while (transactions.kind[micro] !== microKinds.append || transactions.key[micro] !== key) micro--;
  return micro;
}

/** Leaves, those that are shared counted each time; looks no further than what is too many. */
function casesIn(tree: CaseTree, before: number): number {
  if (tree.kind === "cycle" || before > CASES_MAX) return before;
  return casesIn(tree.cases[1], casesIn(tree.cases[0], before) + 1);
}

/** The steps of all its cycles. */
export function allSteps(tree: StepTree): Step[] {
  if ("steps" in tree) return [...tree.steps];
  return "cycles" in tree ? tree.cycles.flat() : tree.cases.flatMap(allSteps);
}

/** The transactions whose versions are compared, besides those in the steps. */
export function comparedIn(tree: StepTree): { key: number; writer: number }[] {
  if (!("cases" in tree)) return [];
  const { key, writers, cases } = tree;
  return [...writers.map((writer) => ({ key, writer })), ...cases.flatMap(comparedIn)];
}
