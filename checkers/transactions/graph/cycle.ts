/** Cycles under the names that Adya and Elle give them; the kinds of the edges decide, nothing else. */

import {
  type Cycle,
  type CycleEdge,
  type DependencyGraph,
  edgeKinds,
  NO_CAUSE,
} from "../dependencies.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Link } from "./walk.js";

/** The worst first; each of them plain, with -process, with -realtime. */
export const CLASSES = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const;
export const SUFFIXES = ["", "-process", "-realtime"] as const;

const NAMES: readonly string[] = CLASSES;

/** By name: 0 is the worst. */
export function severityOf(type: string): number {
  for (let s = SUFFIXES.length - 1; s >= 0; s--) {
    const suffix = SUFFIXES[s]!;
    if (!type.endsWith(suffix)) continue;
    const name = type.slice(0, type.length - suffix.length);
    return s * CLASSES.length + NAMES.indexOf(name);
  }
  return NONE;
}

export function classify(edges: readonly { kind: number }[]): string {
  let all = 0;
  let rws = 0;
  let isAdjacent = false;
  edges.forEach(({ kind }, i) => {
    all |= kind;
    if (kind !== edgeKinds.rw) return;
    rws++;
    if (edges[(i + 1) % edges.length]!.kind === edgeKinds.rw) isAdjacent = true;
  });
  const suffix =
    all & edgeKinds.realtime ? SUFFIXES[2] : all & edgeKinds.process ? SUFFIXES[1] : SUFFIXES[0];
  if (rws > 1) return (isAdjacent ? CLASSES[4] : CLASSES[3]) + suffix;
  if (rws === 1) return CLASSES[2] + suffix;
  return (all & edgeKinds.wr ? CLASSES[1] : CLASSES[0]) + suffix;
}

/** The cycle in the numbers of the whole graph, beginning at its smallest transaction. */
export function cycleOf(graph: DependencyGraph, residue: Residue, walk: readonly Link[]): Cycle {
  let first = 0;
  walk.forEach((link, i) => {
    if (link.from < walk[first]!.from) first = i;
  });
  const causeOf = (edge: number): number =>
    edge === NONE ? NO_CAUSE : graph.cause[residue.edge[edge]!]!;
  const edges = walk.map((_, i): CycleEdge => {
    const link = walk[(first + i) % walk.length]!;
    const edge: CycleEdge = {
      from: residue.global[link.from]!,
      to: residue.global[link.to]!,
      kind: link.kind,
      cause: causeOf(link.edge),
    };
    return link.via === NONE ? edge : { ...edge, via: causeOf(link.via) };
  });
  return { type: classify(edges), edges };
}

/** The worst first, then those of fewer transactions, then those that begin earlier. */
export function compareCycles(a: Cycle, b: Cycle): number {
  return (
    severityOf(a.type) - severityOf(b.type) ||
    a.edges[0]!.from - b.edges[0]!.from ||
    a.edges.length - b.edges.length
  );
}
