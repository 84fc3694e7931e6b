/**
 * Cycles closed by real time, given that there are none without it.
 *
 * Real time is an interval order: if a precedes b and c precedes d, then a precedes d or c precedes
 * b (P. Fishburn, 1970). So a cycle with two edges of real time can be cut short to one with a
 * single such edge, and the shortest cycle has exactly one and no edge of a process. It exists iff
 * some transaction reaches, over data, one that completed before its own invocation: iff the
 * earliest completion that it reaches is early enough. One pass in topological order, linear.
 */

import type { Automaton } from "./automaton.js";
import { NEVER, NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { StateGraph } from "./states.js";

/**
 * By transaction: 1 if a walk that the automaton accepts leads from it to one that completed before
 * it was invoked. `sequence` are states without a cycle, successors first.
 */
export function reachesBack(
  residue: Residue,
  automaton: Automaton,
  sequence: Int32Array,
): Uint8Array {
  const { size, begin, end } = residue;
  const graph = new StateGraph(residue, automaton, "data");
  const mask = (1 << automaton.shift) - 1;
  const earliest = new Int32Array(graph.states).fill(NEVER);
  for (const x of sequence) {
    const degree = graph.degree(x);
    let best = NEVER;
    for (let i = 0; i < degree; i++) {
      const y = graph.successor(x, i);
      if (y === NONE) continue;
      const node = graph.nodeOf(y);
      const isAccepted = (automaton.accepted >> (y & mask)) & 1;
      if (node < size && isAccepted && end[node]! < best) best = end[node]!;
      if (earliest[y]! < best) best = earliest[y]!;
    }
    earliest[x] = best;
  }
  const flags = new Uint8Array(size);
  const first = automaton.starts[0]!.state;
  for (let t = 0; t < size; t++)
    if (earliest[(t << automaton.shift) | first]! <= begin[t]!) flags[t] = 1;
  return flags;
}
