/**
 * The transactions on certain walks in topological order of their ww and wr edges and of processes,
 * component after component, and these edges between places in that order. What depends on each
 * other is mostly near each other in a history, and stays so here: the depth-first order keeps to the
 * order of invocation where it can.
 */

import { edgeKinds } from "../dependencies.js";
import { type Automaton, only } from "./automaton.js";
import { type Components, strongComponents } from "./components.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import { StateGraph } from "./states.js";

export interface Layout {
  /** By place: the transaction. */
  sequence: Int32Array;
  /** By node: its place, or NONE. */
  position: Int32Array;
  /** By place: its edges are `edge[start[p]]` up to `start[p + 1]`. */
  start: Int32Array;
  /** The place it leads to << 1, plus 1 if an rw edge may follow there. */
  edge: Int32Array;
}

/** `walks` are the components of `automaton`; there is no cycle of ww, wr and process edges in them. */
export function layOut(
  residue: Residue,
  automaton: Automaton,
  walks: Components,
  order: "data" | "process",
): Layout {
  const { size, nodes, component, components } = residue;
  const dependencies = only(edgeKinds.ww | edgeKinds.wr);
  const isOn = new Uint8Array(nodes);
  for (let t = 0; t < size; t++)
    if (walks.of[2 * t] !== NONE || walks.of[2 * t + 1] !== NONE) isOn[t] = 1;
  const reached = strongComponents(new StateGraph(residue, dependencies, order), isOn).sequence;
  const place = new Int32Array(components + 1);
  for (const t of reached) if (isOn[t] === 1) place[component[t]! + 1]!++;
  for (let c = 0; c < components; c++) place[c + 1]! += place[c]!;
  const sequence = new Int32Array(place[components]!);
  const position = new Int32Array(nodes).fill(NONE);
  for (let i = reached.length - 1; i >= 0; i--) {
    const t = reached[i]!;
    if (isOn[t] === 0) continue;
    const p = place[component[t]!]!++;
    sequence[p] = t;
    position[t] = p;
  }
  return { sequence, position, ...edgesBetween(residue, automaton, order, sequence, position) };
}

function edgesBetween(
  residue: Residue,
  automaton: Automaton,
  order: "data" | "process",
  sequence: Int32Array,
  position: Int32Array,
): Pick<Layout, "start" | "edge"> {
  const edgeStart = new Int32Array(sequence.length + 1);
  const edge = new Int32Array(residue.start[residue.nodes]! + sequence.length);
  let filled = 0;
  sequence.forEach((t, p) => {
    const end = residue.start[t + 1]!;
    for (let e = residue.start[t]!; e < end; e++) {
      const kind = residue.kind[e]!;
      const q = position[residue.target[e]!]!;
      if (kind === edgeKinds.rw || q === NONE) continue;
      edge[filled++] = (q << 1) | (automaton.step[kind] === 0 ? 1 : 0);
    }
    const next = order === "process" ? residue.next[t]! : NONE;
    if (next !== NONE && position[next] !== NONE) edge[filled++] = (position[next]! << 1) | 1;
    edgeStart[p + 1] = filled;
  });
  return { start: edgeStart, edge: edge.subarray(0, filled) };
}
