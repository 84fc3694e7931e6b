/**
 * A topological order that is kept up to date while edges are added and taken back: Pearce and
 * Kelly, "A dynamic topological sort algorithm for directed acyclic graphs", 2006. An edge that
 * agrees with the order costs O(1), any other a search among the nodes between its ends. Taking
 * edges back, the last first, leaves the order as it is.
 *
 * Work is counted in `steps`, an edge looked at each.
 */

import type { EventGraph } from "./event-graph.js";

const NONE = -1;

/** In `choice`: the edge is one of the graph. */
export const NO_CHOICE = -1;

/** An edge of the event graph, or one that was added, on behalf of a choice. */
export interface PathEdge {
  from: number;
  to: number;
  kind: number;
  cause: number;
  /** Of an edge over a virtual node that is told as one: the cause of its second half. */
  via?: number;
  /** The number of the choice, or NO_CHOICE. */
  choice: number;
}

export class IncrementalOrder {
  readonly #graph: EventGraph;
  readonly #position: Int32Array;
  readonly #stamp: Int32Array;
  #now = 0;
  /** Edges that were added: by node, the last one out of it and into it. */
  readonly #firstOut: Int32Array;
  readonly #firstIn: Int32Array;
  readonly #added: PathEdge[] = [];
  readonly #nextOut: number[] = [];
  readonly #nextIn: number[] = [];
  readonly #forward: number[] = [];
  readonly #backward: number[] = [];
  steps = 0;

  /** The order lists all nodes, so that all edges lead forwards. */
  constructor(graph: EventGraph, order: Int32Array) {
    this.#graph = graph;
    this.#position = new Int32Array(graph.nodes);
    for (let i = 0; i < order.length; i++) this.#position[order[i]!] = i;
    this.#stamp = new Int32Array(graph.nodes);
    this.#firstOut = new Int32Array(graph.nodes).fill(NONE);
    this.#firstIn = new Int32Array(graph.nodes).fill(NONE);
  }

  position(node: number): number {
    return this.#position[node]!;
  }

  /** How many edges were added: a place to go back to. */
  get mark(): number {
    return this.#added.length;
  }

  /** All nodes in the present order. */
  order(): Int32Array {
    const order = new Int32Array(this.#position.length);
    for (let node = 0; node < order.length; node++) order[this.#position[node]!] = node;
    return order;
  }

  /** Whether a path leads there, of one edge at least. */
  reaches(from: number, to: number): boolean {
    if (from === to || this.#position[from]! > this.#position[to]!) return false;
    return this.#searchForward(from, to);
  }

  /**
   * Adds an edge unless it closes a cycle; then false. The nodes whose position changed are given
   * to `moved`.
   */
  add(edge: PathEdge, moved: (node: number) => void): boolean {
    const { from, to } = edge;
    if (from === to) return false;
    if (this.#position[from]! > this.#position[to]!) {
      if (this.#searchForward(to, from)) return false;
      this.#searchBackward(from, to);
      this.#reorder(moved);
    }
    const place = this.#added.push(edge) - 1;
    this.#nextOut[place] = this.#firstOut[from]!;
    this.#firstOut[from] = place;
    this.#nextIn[place] = this.#firstIn[to]!;
    this.#firstIn[to] = place;
    return true;
  }

  /** Takes back the edges that were added since. */
  undo(mark: number): void {
    while (this.#added.length > mark) {
      const { from, to } = this.#added.pop()!;
      this.#firstOut[from] = this.#nextOut.pop()!;
      this.#firstIn[to] = this.#nextIn.pop()!;
    }
  }

  /** Nodes from `from` on, no further than `to`; whether it was met. */
  #searchForward(from: number, to: number): boolean {
    const { start, target } = this.#graph;
    const limit = this.#position[to]!;
    const found = this.#forward;
    this.#now += 1;
    found.length = 0;
    found.push(from);
    this.#stamp[from] = this.#now;
    const visit = (next: number) => {
      this.steps += 1;
      if (this.#stamp[next] === this.#now || this.#position[next]! > limit) return;
      this.#stamp[next] = this.#now;
      found.push(next);
    };
    for (let i = 0; i < found.length; i++) {
      const node = found[i]!;
      for (let e = start[node]!; e < start[node + 1]!; e++) visit(target[e]!);
      for (let e = this.#firstOut[node]!; e !== NONE; e = this.#nextOut[e]!)
        visit(this.#added[e]!.to);
      if (this.#stamp[to] === this.#now) return true;
    }
    return false;
  }

  /** Nodes that lead to `to`, none before `from`. */
  #searchBackward(to: number, from: number): void {
    const { backStart, source } = this.#graph;
    const limit = this.#position[from]!;
    const found = this.#backward;
    this.#now += 1;
    found.length = 0;
    found.push(to);
    this.#stamp[to] = this.#now;
    const visit = (next: number) => {
      this.steps += 1;
      if (this.#stamp[next] === this.#now || this.#position[next]! < limit) return;
      this.#stamp[next] = this.#now;
      found.push(next);
    };
    for (let i = 0; i < found.length; i++) {
      const node = found[i]!;
      for (let e = backStart[node]!; e < backStart[node + 1]!; e++) visit(source[e]!);
      for (let e = this.#firstIn[node]!; e !== NONE; e = this.#nextIn[e]!)
        visit(this.#added[e]!.from);
    }
  }

  /** Those that lead to the new edge take the places before those that it leads to. */
  #reorder(moved: (node: number) => void): void {
    const byPosition = (a: number, b: number) => this.#position[a]! - this.#position[b]!;
    this.#backward.sort(byPosition);
    this.#forward.sort(byPosition);
    const nodes = [...this.#backward, ...this.#forward];
    const places = nodes.map((node) => this.#position[node]!).sort((a, b) => a - b);
    const changed = nodes.filter((node, i) => this.#position[node] !== places[i]);
    nodes.forEach((node, i) => {
      this.#position[node] = places[i]!;
    });
    for (const node of changed) moved(node);
  }

  /**
   * A path with as few added edges as possible, of those with as few events of transactions as
   * possible; undefined when there is none. O(edges between the two, times the logarithm).
   */
  path(from: number, to: number): PathEdge[] | undefined {
    if (from === to) return [];
    const limit = this.#position[to]!;
    if (this.#position[from]! > limit) return undefined;
    const best = new Map<number, { cost: number; edge: PathEdge | undefined }>();
    const queue = new CostQueue();
    best.set(from, { cost: 0, edge: undefined });
    queue.push(from, 0);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { node, cost } = next;
      if (node === to) break;
      if (best.get(node)!.cost < cost) continue;
      for (const edge of this.#edgesFrom(node)) {
        this.steps += 1;
        if (this.#position[edge.to]! > limit) continue;
        const isEvent = edge.to < this.#graph.firstVirtual;
        const total = cost + (isEvent ? 1 : 0) + (edge.choice === NO_CHOICE ? 0 : ADDED_COST);
        const known = best.get(edge.to);
        if (known !== undefined && known.cost <= total) continue;
        best.set(edge.to, { cost: total, edge });
        queue.push(edge.to, total);
      }
    }
    const path: PathEdge[] = [];
    for (let edge = best.get(to)?.edge; edge !== undefined; edge = best.get(edge.from)?.edge)
      path.push(edge);
    return path.length === 0 ? undefined : path.reverse();
  }

  *#edgesFrom(node: number): Generator<PathEdge> {
    const { start, target, kind, cause } = this.#graph;
    for (let e = start[node]!; e < start[node + 1]!; e++)
      yield { from: node, to: target[e]!, kind: kind[e]!, cause: cause[e]!, choice: NO_CHOICE };
    for (let e = this.#firstOut[node]!; e !== NONE; e = this.#nextOut[e]!) yield this.#added[e]!;
  }
}

/** More than any path has events. */
const ADDED_COST = 2 ** 32;

class CostQueue {
  readonly #items: { node: number; cost: number }[] = [];

  push(node: number, cost: number): void {
    const items = this.#items;
    items.push({ node, cost });
    let at = items.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isCheaper(items[at]!, items[parent]!)) break;
      [items[at], items[parent]] = [items[parent]!, items[at]!];
      at = parent;
    }
  }

  pop(): { node: number; cost: number } | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= items.length) return first;
      if (child + 1 < items.length && isCheaper(items[child + 1]!, items[child]!)) child += 1;
      if (!isCheaper(items[child]!, items[at]!)) return first;
      [items[at], items[child]] = [items[child]!, items[at]!];
      at = child;
    }
  }
}

interface Costed {
  node: number;
  cost: number;
}

function isCheaper(a: Costed, b: Costed): boolean {
  return a.cost === b.cost ? a.node < b.node : a.cost < b.cost;
}
