/** Why a graph has no acyclic order: the steps of a cycle, or two cases and why each of them fails. */

import type { CaseTree, Cycle } from "../dependencies.js";
import type { Analysis, Step } from "../findings.js";

export type StepTree =
  | { steps: readonly Step[] }
  | {
      key: number;
      /** The writers of two versions of the key. */
      writers: readonly [number, number];
      /** If the first's version is the older, and if the second's is. */
      cases: readonly [StepTree, StepTree];
    };

/** @param contradiction where no single cycle tells why. */
export function stepTreeOf(analysis: Analysis, cycle: Cycle, contradiction?: CaseTree): StepTree {
  if (contradiction === undefined || contradiction.kind === "cycle") {
    const { edges } = contradiction?.cycle ?? cycle;
    return { steps: edges.map((edge) => analysis.step(edge)) };
  }
  const { key, writers, cases } = contradiction;
  const [first, second] = cases;
  return {
    ...{ key, writers },
    cases: [stepTreeOf(analysis, cycle, first), stepTreeOf(analysis, cycle, second)],
  };
}

/** The steps of all its cycles. */
export function allSteps(tree: StepTree): Step[] {
  return "steps" in tree ? [...tree.steps] : tree.cases.flatMap(allSteps);
}

/** The transactions whose versions are compared, besides those in the steps. */
export function comparedIn(tree: StepTree): { key: number; writer: number }[] {
  if ("steps" in tree) return [];
  const { key, writers, cases } = tree;
  return [...writers.map((writer) => ({ key, writer })), ...cases.flatMap(comparedIn)];
}
