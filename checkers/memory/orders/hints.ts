/**
 * When an access took effect at the latest, as far as completions tell: before it completed (a buffered
 * write excepted, it may wait) and before whatever it precedes took effect. Hints order a search, no
 * verdict rests on them. O(edges).
 */

import { PENDING } from "../../../histories/columns.js";
import { kinds } from "../accesses.js";
import type { Problem } from "./problem.js";

/** By node; `order` is a topological order of the edges. */
export function hintsOf(
  { accesses, machine, edges, nodes }: Problem,
  order: Int32Array,
): Int32Array {
  const hints = new Int32Array(nodes).fill(PENDING);
  for (let access = 0; access < accesses.size; access++) {
    const waits = machine !== "sequential" && accesses.kind[access] === kinds.write;
    if (!waits) hints[access] = accesses.completed[access]!;
  }
  for (let i = nodes - 1; i >= 0; i--) {
    const node = order[i]!;
    for (let edge = edges.headOut[node]!; edge >= 0; edge = edges.nextOut[edge]!) {
      hints[node] = Math.min(hints[node]!, hints[edges.to[edge]!]!);
    }
  }
  return hints;
}
