/**
 * Cycles closed by real time, given that there are none without it.
 *
 * Real time is an interval order: if a precedes b and c precedes d, then a precedes d or c precedes
 * b (P. Fishburn, 1970). So a cycle with two edges of real time can be cut short to one with a
 * single such edge, and the shortest cycle has exactly one and no edge of a process. It exists iff
 * some transaction reaches, over data, one that completed before its own invocation: iff the
 * earliest completion that it reaches is early enough. One pass in topological order, linear.
 */

import { edgeKinds } from "../dependencies.js";
import type { Automaton } from "./automaton.js";
import { NEVER, NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { StateGraph } from "./states.js";
import type { Steps } from "./steps.js";
import { compareWalks, type Link } from "./walk.js";

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

/**
 * Two of these transactions of which one depends on the other, by an edge of these kinds, although it
 * completed before the other was invoked: ww before wr before rw, then the earliest. The plainest
 * thing that can be told of a component, whatever else is wrong in it.
 */
export function contradictedEdge(
  residue: Residue,
  members: Int32Array,
  kinds: number,
  steps: Steps,
): readonly Link[] | undefined {
  const { size, start, target, kind, begin, end } = residue;
  let best: readonly Link[] | undefined;
  const offer = (link: Link): void => {
    if (end[link.to]! > begin[link.from]! || link.from === link.to) return;
    const back = { from: link.to, to: link.from, kind: edgeKinds.realtime, edge: NONE, via: NONE };
    const walk = [link, back];
    const order = best === undefined ? -1 : link.kind - best[0]!.kind || compareWalks(walk, best);
    if (order < 0) best = walk;
  };
  for (const from of members) {
    for (let e = start[from]!; e < start[from + 1]!; e++) {
      if ((kind[e]! & kinds) === 0) continue;
      const to = target[e]!;
      if (to < size) offer({ from, to, kind: kind[e]!, edge: e, via: NONE });
      else if (!steps.isOver) {
        steps.spent += start[to + 1]! - start[to]!;
        for (let via = start[to]!; via < start[to + 1]!; via++)
          offer({ from, to: target[via]!, kind: kind[e]!, edge: e, via });
      }
    }
  }
  return best;
}
