/** What the cases of a contradiction come down to. */

import type { CaseTree, Cycle } from "../dependencies.js";

/** The cycles at the leaves, each once, in the order of the cases. O(nodes that differ). */
export function leavesOf(tree: CaseTree): Cycle[] {
  const cycles = new Set<Cycle>();
  // Parts that several cases share are walked through once.
  const seen = new Set<CaseTree>();
  const rest = [tree];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === "cycle") cycles.add(next.cycle);
    else rest.push(next.cases[1], next.cases[0]);
  }
  return [...cycles];
}

/** The transactions on cycles, in ascending order. */
export function transactionsOf(cycles: readonly Cycle[]): number[] {
  const found = new Set(cycles.flatMap(({ edges }) => edges.map(({ from }) => from)));
  return [...found].sort((a, b) => a - b);
}
