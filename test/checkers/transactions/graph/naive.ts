/**
 * What a decision about a dependency graph must say, from the definitions alone: every simple cycle
 * is listed, edge by edge, and judged by its kinds. For graphs of very few transactions.
 */

import {
  type Criterion,
  type CycleForm,
  type DependencyGraph,
  edgeKinds,
} from "../../../../checkers/transactions/dependencies.js";
import { outcomes } from "../../../../histories/columns.js";

const { ww, wr, rw, process, realtime } = edgeKinds;

export interface NaiveEdge {
  from: number;
  to: number;
  kind: number;
}

export interface NaiveCycle {
  type: string;
  length: number;
  members: number[];
}

export interface NaiveDecision {
  cycles: NaiveCycle[];
  components: number;
  /** By transaction. */
  componentOf: readonly (number | undefined)[];
}

/**
 * Of each component the cycles that no other class in it implies: of each class the shortest, of
 * these the earliest.
 */
export function naiveCycles(graph: DependencyGraph, criterion: Criterion): NaiveDecision {
  const edges = naiveEdges(graph, criterion.order);
  const forbidden = simpleCycles(graph.transactions.size, edges).filter((cycle) =>
    isForbidden(cycle, criterion.form),
  );
  const byComponent = new Map<number, Map<string, NaiveCycle>>();
  const componentOf = components(graph.transactions.size, edges, criterion.form);
  for (const cycle of forbidden) {
    const found = {
      type: nameOf(cycle),
      length: cycle.length,
      members: cycle.map((e) => e.from).sort((a, b) => a - b),
    };
    const component = componentOf[found.members[0]!]!;
    const best = byComponent.get(component) ?? new Map<string, NaiveCycle>();
    byComponent.set(component, best);
    const before = best.get(found.type);
    if (before === undefined || compare(found, before) < 0) best.set(found.type, found);
  }
  const cycles = [...byComponent.values()]
    .flatMap((best) =>
      [...best.values()].filter(
        ({ type }) => ![...best.keys()].some((other) => other !== type && implies(other, type)),
      ),
    )
    .sort((a, b) => rank(a.type) - rank(b.type) || a.members[0]! - b.members[0]!);
  return { cycles, components: byComponent.size, componentOf };
}

const families = [
  ["G0", "G1c"],
  ["G-single-item", "G-nonadjacent-item", "G2-item"],
];

/** Within a family: worse or the same, with no more orders than that. */
function implies(worse: string, type: string): boolean {
  const [baseOfWorse, ordersOfWorse] = placeOf(worse);
  const [base, orders] = placeOf(type);
  const isOneFamily = families.some((f) => f.includes(baseOfWorse) && f.includes(base));
  const bases = families.flat();
  return (
    isOneFamily && bases.indexOf(baseOfWorse) <= bases.indexOf(base) && ordersOfWorse <= orders
  );
}

/** Its class without the orders, and their place. */
function placeOf(type: string): [string, number] {
  const orders = type.endsWith("-process") ? 1 : type.endsWith("-realtime") ? 2 : 0;
  return [type.replace(/-(process|realtime)$/, ""), orders];
}

export function naiveEdges(graph: DependencyGraph, order: Criterion["order"]): NaiveEdge[] {
  const { transactions, present, start, target, kind } = graph;
  const { size, outcome, process: by, invoked, completed } = transactions;
  const edges: NaiveEdge[] = [];
  for (let from = 0; from < size; from++) {
    for (let e = start[from]!; e < start[from + 1]!; e++) {
      const to = target[e]!;
      if (to < size) edges.push({ from, to, kind: kind[e]! });
      else
        for (const w of target.subarray(start[to]!, start[to + 1]!))
          edges.push({ from, to: w, kind: rw });
    }
    if (present[from] === 0 || outcome[from] !== outcomes.ok) continue;
    let isNext = true;
    for (let to = from + 1; to < size; to++) {
      if (present[to] === 0) continue;
      const isProcess = by[to] === by[from] && isNext;
      if (isProcess) isNext = false;
      if (isProcess && order !== "data") edges.push({ from, to, kind: process });
      if (order === "realtime" && completed[from]! < invoked[to]!)
        edges.push({ from, to, kind: realtime });
    }
  }
  return edges;
}

export function isForbidden(cycle: readonly NaiveEdge[], form: CycleForm): boolean {
  const kinds = cycle.map((e) => e.kind);
  const before = (i: number): number => kinds[(i + kinds.length - 1) % kinds.length]!;
  const rws = kinds.filter((k) => k === rw).length;
  switch (form) {
    case "ww":
      return rws === 0 && !kinds.includes(wr);
    case "ww-wr":
      return rws === 0;
    case "one-rw":
      return rws <= 1;
    case "snapshot":
      return kinds.every((k, i) => k !== rw || before(i) !== rw);
    case "prefix":
      return kinds.every((k, i) => k !== rw || (before(i) !== rw && before(i) !== ww));
    case "any":
      return true;
  }
}

export function nameOf(cycle: readonly { kind: number }[]): string {
  const kinds = cycle.map((e) => e.kind);
  const rws = kinds.filter((k) => k === rw).length;
  const isAdjacent = kinds.some((k, i) => k === rw && kinds[(i + 1) % kinds.length] === rw);
  const suffix = kinds.includes(realtime) ? "-realtime" : kinds.includes(process) ? "-process" : "";
  if (rws === 0) return (kinds.includes(wr) ? "G1c" : "G0") + suffix;
  if (rws === 1) return `G-single-item${suffix}`;
  return (isAdjacent ? "G2-item" : "G-nonadjacent-item") + suffix;
}

function rank(type: string): number {
  const bases = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"];
  return ["", "-process", "-realtime"].flatMap((s) => bases.map((b) => b + s)).indexOf(type);
}

function compare(a: NaiveCycle, b: NaiveCycle): number {
  return (
    rank(a.type) - rank(b.type) ||
    a.length - b.length ||
    a.members.map((m, i) => m - b.members[i]!).find((d) => d !== 0) ||
    0
  );
}

function simpleCycles(size: number, edges: readonly NaiveEdge[]): NaiveEdge[][] {
  const out = Array.from({ length: size }, (_, t) => edges.filter((e) => e.from === t));
  const cycles: NaiveEdge[][] = [];
  const path: NaiveEdge[] = [];
  const isOn = new Set<number>();
  const extend = (first: number, at: number): void => {
    isOn.add(at);
    for (const edge of out[at]!) {
      if (edge.to < first) continue;
      path.push(edge);
      if (edge.to === first) cycles.push([...path]);
      else if (!isOn.has(edge.to)) extend(first, edge.to);
      path.pop();
    }
    isOn.delete(at);
  };
  for (let first = 0; first < size; first++) extend(first, first);
  return cycles;
}

/**
 * By transaction: its component, that of what must be acyclic, written down as a matrix: events
 * 2t and 2t + 1 are its snapshot and its commit, or both the same where nothing is split.
 */
export function components(
  size: number,
  edges: readonly NaiveEdge[],
  form: CycleForm,
): (number | undefined)[] {
  const isSplit = form === "one-rw" || form === "snapshot" || form === "prefix";
  const reaches = Array.from({ length: 2 * size }, () => new Array<boolean>(2 * size).fill(false));
  for (let t = 0; t < size; t++) {
    reaches[2 * t]![2 * t + 1] = true;
    if (!isSplit) reaches[2 * t + 1]![2 * t] = true;
  }
  for (const { from, to, kind } of edges) {
    if (kind === rw && (form === "ww" || form === "ww-wr")) continue;
    if (kind === wr && form === "ww") continue;
    const source = kind === rw ? 2 * from : 2 * from + 1;
    const isCommit = kind === rw || (kind === ww && form === "prefix");
    reaches[source]![isCommit ? 2 * to + 1 : 2 * to] = true;
  }
  for (let m = 0; m < 2 * size; m++)
    for (let a = 0; a < 2 * size; a++)
      if (reaches[a]![m])
        for (let b = 0; b < 2 * size; b++) if (reaches[m]![b]) reaches[a]![b] = true;
  const component: (number | undefined)[] = new Array(size).fill(undefined);
  const together = (a: number, b: number): boolean => reaches[a]![b]! && reaches[b]![a]!;
  const spread = (t: number, c: number): void => {
    if (component[t] !== undefined) return;
    component[t] = c;
    for (let u = 0; u < size; u++)
      if (u !== t && [0, 1, 2, 3].some((s) => together(2 * t + (s & 1), 2 * u + (s >> 1))))
        spread(u, c);
  };
  for (let t = 0; t < size; t++) spread(t, t);
  return component;
}
