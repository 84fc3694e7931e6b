/**
 * Strongly connected components (R. Tarjan, "Depth-first search and linear graph algorithms", 1972),
 * with a stack of its own. Linear; 24 bytes a state.
 */

import { NONE } from "./relation.js";
import type { StateGraph } from "./states.js";

export interface Components {
  /** By state: the number of its component, or NONE where it is alone in it or was not reached. */
  of: Int32Array;
  count: number;
  /** The states that were reached: what a state leads to outside its component stands before it. */
  sequence: Int32Array;
}

/**
 * Those that can be reached from these states. Later states are begun with first, so that `sequence`
 * runs from late to early as far as it may.
 */
export function strongComponents(graph: StateGraph, isRoot: Uint8Array): Components {
  const { states } = graph;
  const of = new Int32Array(states).fill(NONE);
  /** 0: not met yet. CLOSED: its component is known. */
  const low = new Int32Array(states);
  const CLOSED = 0x7fff_ffff;
  const met = new Int32Array(states);
  const place = new Int32Array(states);
  const path = new Int32Array(states);
  const sequence = new Int32Array(states);
  /** The open states stand at the far end of `sequence`, upside down: no state is in both parts. */
  let open = states;
  let closed = 0;
  let clock = 0;
  let count = 0;
  for (let root = isRoot.length - 1; root >= 0; root--) {
    if (isRoot[root] === 0 || low[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    met[root] = low[root] = ++clock;
    sequence[--open] = root;
    while (depth >= 0) {
      const x = path[depth]!;
      if (place[x]! < graph.degree(x)) {
        const y = graph.successor(x, place[x]!++);
        if (y === NONE) continue;
        if (low[y] === 0) {
          met[y] = low[y] = ++clock;
          sequence[--open] = y;
          path[++depth] = y;
        } else if (low[y]! < low[x]!) low[x] = low[y]!;
        continue;
      }
      depth--;
      if (depth >= 0 && low[x]! < low[path[depth]!]!) low[path[depth]!] = low[x]!;
      if (low[x] !== met[x]) continue;
      const isAlone = sequence[open] === x;
      let y: number;
      do {
        y = sequence[open++]!;
        low[y] = CLOSED;
        if (!isAlone) of[y] = count;
        sequence[closed++] = y;
      } while (y !== x);
      if (!isAlone) count++;
    }
  }
  return { of, count, sequence: sequence.subarray(0, closed) };
}
