/**
 * A dependency graph as one whose acyclicity is what a criterion asks for, with every order that it
 * respects as edges: nodes are events of transactions, virtual nodes and barriers.
 *
 * `snapshot` and `prefix` split a transaction into its snapshot (2t) and its commit (2t + 1), see
 * Adya 1999 and Cerone, Gotsman 2018; for all other forms it is one event (t). Real time takes a
 * barrier after each run of completions: a barrier follows the transactions completed before it and
 * the barrier before it, and precedes those invoked later.
 *
 * O(transactions + edges); backward edges are listed, too, because an order that is kept up to date
 * looks both ways.
 */

import { outcomes } from "../../../histories/columns.js";
import {
  type Criterion,
  type CycleForm,
  type DependencyGraph,
  edgeKinds,
  NO_CAUSE,
  VIA,
} from "../dependencies.js";
import { NONE, nextInProcess } from "../graph/relation.js";

/** The kind of edges within a transaction and between barriers; never told. */
export const SILENT = 128;

export interface EventGraph {
  /** 2 where a transaction is split, else 1. */
  split: 1 | 2;
  form: CycleForm;
  transactions: number;
  nodes: number;
  /** The first node that is neither a transaction's nor a barrier; barriers come last. */
  firstVirtual: number;
  firstBarrier: number;
  start: Int32Array;
  target: Int32Array;
  kind: Uint8Array;
  cause: Int32Array;
  backStart: Int32Array;
  source: Int32Array;
}

/** Where a ww edge starts and ends, and where a transaction reads. */
export function commitOf({ split }: EventGraph, t: number): number {
  return split === 2 ? 2 * t + 1 : t;
}

export function snapshotOf({ split }: EventGraph, t: number): number {
  return split === 2 ? 2 * t : t;
}

/** The event of a writer that a ww edge leads to. */
export function wwTarget({ split, form }: EventGraph, t: number): number {
  if (split === 1) return t;
  return form === "prefix" ? 2 * t + 1 : 2 * t;
}

/** The transaction of an event; undefined for virtual nodes and barriers. */
export function transactionOf(graph: EventGraph, node: number): number | undefined {
  if (node >= graph.firstVirtual) return undefined;
  return graph.split === 2 ? node >> 1 : node;
}

type Visit = (from: number, to: number, kind: number, cause: number) => void;

export function eventGraph(graph: DependencyGraph, criterion: Criterion): EventGraph {
  const split = criterion.form === "snapshot" || criterion.form === "prefix" ? 2 : 1;
  const { size } = graph.transactions;
  const firstVirtual = size * split;
  const firstBarrier = firstVirtual + graph.nodes - size;
  const barriers = criterion.order === "realtime" ? barriersOf(graph) : undefined;
  const nodes = firstBarrier + (barriers?.count ?? 0);
  const shape = { split, form: criterion.form, transactions: size, nodes } as const;
  const visitAll = (visit: Visit) => {
    dataEdges(graph, criterion.form, visit);
    if (split === 2) for (let t = 0; t < size; t++) visit(2 * t, 2 * t + 1, SILENT, NO_CAUSE);
    if (criterion.order === "process") processEdges(graph, split, visit);
    if (barriers !== undefined) barrierEdges(graph, { split, firstBarrier }, barriers, visit);
  };
  const start = new Int32Array(nodes + 1);
  const backStart = new Int32Array(nodes + 1);
  visitAll((from, to) => {
    start[from + 1]! += 1;
    backStart[to + 1]! += 1;
  });
  for (let v = 0; v < nodes; v++) {
    start[v + 1]! += start[v]!;
    backStart[v + 1]! += backStart[v]!;
  }
  const edges = start[nodes]!;
  const target = new Int32Array(edges);
  const kind = new Uint8Array(edges);
  const cause = new Int32Array(edges);
  const source = new Int32Array(edges);
  const next = start.slice();
  const nextBack = backStart.slice();
  visitAll((from, to, edgeKind, edgeCause) => {
    const e = next[from]!++;
    target[e] = to;
    kind[e] = edgeKind;
    cause[e] = edgeCause;
    source[nextBack[to]!++] = from;
  });
  const columns = { start, target, kind, cause, backStart, source };
  return { ...shape, firstVirtual, firstBarrier, ...columns };
}

/** Which kinds of data edges count. */
function kindsOf(form: CycleForm): number {
  if (form === "ww") return edgeKinds.ww;
  if (form === "ww-wr" || form === "one-rw") return edgeKinds.ww | edgeKinds.wr;
  return edgeKinds.ww | edgeKinds.wr | edgeKinds.rw;
}

function dataEdges(graph: DependencyGraph, form: CycleForm, visit: Visit): void {
  const { transactions, nodes, start, target, kind, cause } = graph;
  const { size } = transactions;
  const counted = kindsOf(form);
  const hasRw = (counted & edgeKinds.rw) !== 0;
  const isSplit = form === "snapshot" || form === "prefix";
  const virtual = isSplit ? size : 0;
  for (let from = 0; from < nodes; from++) {
    for (let e = start[from]!; e < start[from + 1]!; e++) {
      const to = target[e]!;
      const edge = kind[e]!;
      if (edge === VIA ? !hasRw : (edge & counted) === 0) continue;
      if (!isSplit) visit(from, to, edge, cause[e]!);
      else if (from >= size) visit(from + virtual, 2 * to + 1, edge, cause[e]!);
      else if (edge === edgeKinds.rw)
        visit(2 * from, to >= size ? to + virtual : 2 * to + 1, edge, cause[e]!);
      else if (edge === edgeKinds.ww && form === "prefix")
        visit(2 * from + 1, 2 * to + 1, edge, cause[e]!);
      else visit(2 * from + 1, 2 * to, edge, cause[e]!);
    }
  }
}

/** From each ok transaction to what its process does next. */
function processEdges(graph: DependencyGraph, split: number, visit: Visit): void {
  const next = nextInProcess(graph.transactions, graph.present);
  for (let t = 0; t < next.length; t++) {
    if (next[t] === NONE) continue;
    visit(split * t + split - 1, split * next[t]!, edgeKinds.process, NO_CAUSE);
  }
}

interface Barriers {
  count: number;
  /** By transaction: the barrier that it follows, or -1. */
  before: Int32Array;
  /** By transaction: the barrier that follows its completion, or -1. */
  after: Int32Array;
}

function barriersOf({ transactions, present }: DependencyGraph): Barriers {
  const { size, invoked, completed, outcome } = transactions;
  const before = new Int32Array(size).fill(-1);
  const after = new Int32Array(size).fill(-1);
  const ended: number[] = [];
  for (let t = 0; t < size; t++) if (present[t] === 1 && outcome[t] === outcomes.ok) ended.push(t);
  const byCompletion = Int32Array.from(ended).sort((a, b) => completed[a]! - completed[b]!);
  let count = 0;
  let next = 0;
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) continue;
    const first = next;
    while (next < byCompletion.length && completed[byCompletion[next]!]! < invoked[t]!)
      after[byCompletion[next++]!] = count;
    if (next > first) count += 1;
    before[t] = count - 1;
  }
  return { count, before, after };
}

function barrierEdges(
  { transactions }: DependencyGraph,
  { split, firstBarrier }: { split: number; firstBarrier: number },
  { count, before, after }: Barriers,
  visit: Visit,
): void {
  for (let t = 0; t < transactions.size; t++) {
    if (before[t] !== -1) visit(firstBarrier + before[t]!, split * t, SILENT, NO_CAUSE);
    if (after[t] === -1) continue;
    visit(split * t + split - 1, firstBarrier + after[t]!, edgeKinds.realtime, NO_CAUSE);
  }
  for (let b = 1; b < count; b++) visit(firstBarrier + b - 1, firstBarrier + b, SILENT, NO_CAUSE);
}
