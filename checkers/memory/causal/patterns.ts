/**
 * Bad patterns as violations, each with the shortest path that is cheaply found. Names: Bouajjani et
 * al., POPL 2017.
 */

import { type Accesses, isRead, THIN_AIR } from "../accesses.js";
import type { Violation } from "../decision.js";
import { type Arcs, byNode } from "./arcs.js";
import { type Overwritten, overwrittenReads } from "./conflicts.js";
import type { Nodes } from "./nodes.js";
import { accessesOf, Paths, type Route } from "./paths.js";

/** Of many WriteCORead the one with the shortest paths among the first few is shown. */
const OVERWRITTEN_MAX = 8;

export function thinAirRead({ size, kind, source }: Accesses): Violation | undefined {
  for (let a = 0; a < size; a++) {
    if (isRead(kind[a]!) && source[a] === THIN_AIR)
      return { type: "ThinAirRead", path: [], accesses: [a] };
  }
  return undefined;
}

export function cyclicCO(nodes: Nodes, cycle: readonly number[], sees: readonly Arcs[]): Violation {
  const route = new Paths(nodes, ...sees).cycle(cycle);
  return { type: "CyclicCO", path: route.steps, accesses: accessesOf(route) };
}

export function writeCOInitRead(
  nodes: Nodes,
  { write, read }: { write: number; read: number },
  sees: readonly Arcs[],
): Violation {
  const route = new Paths(nodes, ...sees).between(write, read)!;
  const accesses = [...new Set([...accessesOf(route), write, read])];
  return { type: "WriteCOInitRead", path: route.steps, accesses };
}

/** Undefined when no read returned a write that its past overwrites. */
export function writeCORead(
  nodes: Nodes,
  conflicts: Arcs,
  sees: readonly Arcs[],
): Violation | undefined {
  const leaving = byNode(nodes, conflicts, "from");
  const found = overwrittenReads(nodes, conflicts, leaving, OVERWRITTEN_MAX, sees[0]);
  if (found.length === 0) return undefined;
  const paths = new Paths(nodes, ...sees);
  let best: { routes: Route[]; length: number; ends: number[] } | undefined;
  for (const { source, overwriting, read } of found as readonly Overwritten[]) {
    const routes = [paths.between(source, overwriting)!, paths.between(overwriting, read)!];
    const length = routes[0]!.steps.length + routes[1]!.steps.length;
    if (best === undefined || length < best.length) {
      best = { routes, length, ends: [source, overwriting, read] };
    }
  }
  const { routes, ends } = best!;
  return {
    type: "WriteCORead",
    path: routes.flatMap(({ steps }) => steps),
    accesses: [...new Set([...accessesOf(...routes), ...ends])],
  };
}

/** A cycle through arcs that follow from reads; `accesses` has how those reads know the overwritten write. */
export function cyclic(
  type: string,
  nodes: Nodes,
  cycle: readonly number[],
  arcs: readonly Arcs[],
  sees: readonly Arcs[] = [],
): Violation {
  const route = new Paths(nodes, ...sees, ...arcs).cycle(cycle);
  const causal = new Paths(nodes, ...sees);
  const known = route.reasons.map(({ from, read }) => causal.between(from, read));
  // Where a chain of updates is entered before what was read, that is not on the path.
  const read = route.reasons.flatMap(({ read }) => {
    const source = nodes.accesses.source[read]!;
    return source >= 0 ? [source] : [];
  });
  const all = new Set([...accessesOf(route, ...known), ...read]);
  return { type, path: route.steps, accesses: [...all].sort((a, b) => a - b) };
}
