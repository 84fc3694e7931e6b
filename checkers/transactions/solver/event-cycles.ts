/** Cycles of events told as cycles of transactions, and what they are called. */

import { type Cycle, type CycleEdge, type CycleForm, edgeKinds, VIA } from "../dependencies.js";
import { classify } from "../graph/cycle.js";
import { type EventGraph, SILENT, transactionOf } from "./event-graph.js";
import type { PathEdge } from "./incremental-order.js";

/** The cycle of these edges, of which each begins where the one before ends. */
export function cycleOf(graph: EventGraph, path: readonly PathEdge[]): Cycle {
  const first = path.findIndex(
    ({ from, kind }) => kind !== SILENT && transactionOf(graph, from) !== undefined,
  );
  const edges: CycleEdge[] = [];
  let begun: Omit<CycleEdge, "to"> | undefined;
  for (let i = 0; i < path.length; i++) {
    const { from, to, kind, cause, via } = path[(first + i) % path.length]!;
    const source = transactionOf(graph, from);
    if (source !== undefined && kind !== SILENT)
      begun = { from: source, kind, cause, ...viaOf(via) };
    const end = transactionOf(graph, to);
    if (begun === undefined || end === undefined) continue;
    edges.push({ ...begun, to: end, ...(kind === VIA ? viaOf(cause) : {}) });
    begun = undefined;
  }
  const simple = withoutDetours(edges, graph.form);
  return { type: classify(simple), edges: fromSmallest(simple) };
}

function viaOf(via: number | undefined): { via?: number } {
  return via === undefined ? {} : { via };
}

/** Whether two rw edges follow each other. */
function isAdjacent(edges: readonly CycleEdge[]): boolean {
  return edges.some(
    ({ kind }, i) => kind === edgeKinds.rw && edges[(i + 1) % edges.length]!.kind === edgeKinds.rw,
  );
}

/** Whether the criterion forbids a cycle of these edges. */
function isForbidden(edges: readonly CycleEdge[], form: CycleForm): boolean {
  if (form === "snapshot") return !isAdjacent(edges);
  if (form !== "prefix") return true;
  return edges.every(({ kind }, i) => {
    const before = edges[(i + edges.length - 1) % edges.length]!.kind;
    return kind !== edgeKinds.rw || (before !== edgeKinds.rw && before !== edgeKinds.ww);
  });
}

/** Two events of a transaction may both be on a path: then a part of it is a cycle already. */
function withoutDetours(edges: CycleEdge[], form: CycleForm): CycleEdge[] {
  for (let i = 0; i < edges.length; i++) {
    for (let j = i + 1; j < edges.length; j++) {
      if (edges[i]!.from !== edges[j]!.from) continue;
      const parts = [edges.slice(i, j), [...edges.slice(j), ...edges.slice(0, i)]];
      const part = parts.find((some) => isForbidden(some, form));
      if (part !== undefined) return withoutDetours(part, form);
    }
  }
  return edges;
}

function fromSmallest(edges: CycleEdge[]): CycleEdge[] {
  let smallest = 0;
  edges.forEach(({ from }, i) => {
    if (from < edges[smallest]!.from) smallest = i;
  });
  return [...edges.slice(smallest), ...edges.slice(0, smallest)];
}
