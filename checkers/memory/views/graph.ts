/**
 * Precedence between nodes, as a growing list of edges, with why each holds: is it free of cycles,
 * and which short cycle shows that it is not. Kahn's and Tarjan's algorithms and breadth-first search, all linear;
 * the search for a short cycle tries many starts and stops after a fixed amount of work, so that its
 * answer is a short cycle, though of a huge tangle not always the shortest.
 */

import type { Relation } from "../decision.js";

export const NONE = -1;

export const relations: readonly Relation[] = ["session", "reads-from", "overwrites", "replaced"];
export const SESSION = 0;
export const READS_FROM = 1;
export const OVERWRITES = 2;
export const REPLACED = 3;

/** Edges looked at, and starts in one tangle, before a short cycle is short enough. */
const WORK_MAX = 2_000_000;
const STARTS_MAX = 1000;

export class Edges {
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  /** Index into `relations`. */
  relation = new Uint8Array(1024);
  /** The read because of which a derived edge holds, NONE where it needs no reason. */
  because = new Int32Array(1024);
  count = 0;

  add(from: number, to: number, relation: number, because = NONE): void {
    if (this.count === this.from.length) this.#grow();
    const edge = this.count++;
    this.from[edge] = from;
    this.to[edge] = to;
    this.relation[edge] = relation;
    this.because[edge] = because;
  }

  #grow(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const wider = new Int32Array(old.length * 2);
      wider.set(old);
      return wider;
    };
    this.from = grown(this.from);
    this.to = grown(this.to);
    this.because = grown(this.because);
    const wider = new Uint8Array(this.from.length);
    wider.set(this.relation);
    this.relation = wider;
  }
}

/** Edges by the node that they leave. */
export class Graph {
  readonly nodes: number;
  readonly edges: Edges;
  readonly #starts: Int32Array;
  readonly #leaving: Int32Array;

  constructor(nodes: number, edges: Edges) {
    this.nodes = nodes;
    this.edges = edges;
    const starts = new Int32Array(nodes + 2);
    for (let e = 0; e < edges.count; e++) starts[edges.from[e]! + 2]!++;
    for (let v = 2; v < starts.length; v++) starts[v]! += starts[v - 1]!;
    this.#leaving = new Int32Array(edges.count);
    for (let e = 0; e < edges.count; e++) this.#leaving[starts[edges.from[e]! + 1]!++] = e;
    this.#starts = starts;
  }

  isAcyclic(): boolean {
    const { nodes, edges } = this;
    const entering = new Int32Array(nodes);
    for (let e = 0; e < edges.count; e++) entering[edges.to[e]!]!++;
    const queue = new Int32Array(nodes);
    let end = 0;
    for (let v = 0; v < nodes; v++) if (entering[v] === 0) queue[end++] = v;
    for (let next = 0; next < end; next++) {
      const v = queue[next]!;
      for (let i = this.#starts[v]!; i < this.#starts[v + 1]!; i++) {
        const to = edges.to[this.#leaving[i]!]!;
        if (--entering[to]! === 0) queue[end++] = to;
      }
    }
    return end === nodes;
  }

  /** The edges of a short cycle, undefined where there is none. */
  shortCycle(): number[] | undefined {
    if (this.isAcyclic()) return undefined;
    const component = new Int32Array(this.nodes).fill(NONE);
    const tangles = this.#tangles(component).sort((a, b) => a.length - b.length);
    const search = new Search(this.nodes);
    let best: number[] | undefined;
    for (const tangle of tangles) {
      const stride = Math.ceil(tangle.length / STARTS_MAX);
      for (let i = 0; i < tangle.length; i += stride) {
        const v = tangle[i]!;
        best = this.#walk(search, v, v, best?.length ?? this.nodes + 1, component) ?? best;
        if (best !== undefined && (best.length <= 2 || search.work > WORK_MAX)) return best;
      }
    }
    return best;
  }

  /** Strongly connected components with a cycle; Tarjan's algorithm, without recursion. */
  #tangles(component: Int32Array): number[][] {
    const { nodes, edges } = this;
    const found: number[][] = [];
    const number = new Int32Array(nodes).fill(NONE);
    const low = new Int32Array(nodes);
    const next = this.#starts.slice();
    const path: number[] = [];
    const open: number[] = [];
    let count = 0;
    const enter = (v: number): void => {
      number[v] = low[v] = count++;
      path.push(v);
      open.push(v);
    };
    for (let root = 0; root < nodes; root++) {
      if (number[root] !== NONE) continue;
      enter(root);
      while (path.length > 0) {
        const v = path.at(-1)!;
        if (next[v]! < this.#starts[v + 1]!) {
          const to = edges.to[this.#leaving[next[v]!++]!]!;
          if (number[to] === NONE) enter(to);
          else if (component[to] === NONE) low[v] = Math.min(low[v]!, number[to]!);
          continue;
        }
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[v]!);
        if (low[v] !== number[v]) continue;
        const members = open.splice(open.lastIndexOf(v));
        for (const member of members) component[member] = v;
        if (members.length > 1 || this.#isLoop(v)) found.push(members);
      }
    }
    return found;
  }

  #isLoop(v: number): boolean {
    for (let i = this.#starts[v]!; i < this.#starts[v + 1]!; i++)
      if (this.edges.to[this.#leaving[i]!] === v) return true;
    return false;
  }

  /** The edges of a shortest path, undefined where there is none. */
  shortPath(from: number, to: number): number[] | undefined {
    return this.#walk(new Search(this.nodes), from, to, this.nodes + 1);
  }

  /** Every node that there is a path to, but for the start; nearer ones first. */
  eachReached(from: number, search: Search, found: (node: number) => void): void {
    search.begin(from);
    for (let next = 0; next < search.end; next++) {
      const v = search.queue[next]!;
      for (let i = this.#starts[v]!; i < this.#starts[v + 1]!; i++) {
        const edge = this.#leaving[i]!;
        search.reach(this.edges.to[edge]!, v, edge);
      }
      if (next > 0) found(v);
    }
  }

  /** A walk of at least one and less than `below` edges. */
  #walk(
    search: Search,
    from: number,
    to: number,
    below: number,
    component?: Int32Array,
  ): number[] | undefined {
    const { edges } = this;
    search.begin(from);
    for (let next = 0; next < search.end; next++) {
      const v = search.queue[next]!;
      if (search.depth[v]! + 1 >= below) return undefined;
      for (let i = this.#starts[v]!; i < this.#starts[v + 1]!; i++) {
        search.work++;
        const edge = this.#leaving[i]!;
        const target = edges.to[edge]!;
        if (target === to) return search.path(edges, from, edge);
        if (component === undefined || component[target] === component[from])
          search.reach(target, v, edge);
      }
    }
    return undefined;
  }
}

/** The state of one breadth-first search after another. */
export class Search {
  readonly queue: Int32Array;
  readonly depth: Int32Array;
  /** Of nodes reached: the edge on which. */
  readonly via: Int32Array;
  readonly #seen: Int32Array;
  #round = 0;
  end = 0;
  work = 0;

  constructor(nodes: number) {
    this.queue = new Int32Array(nodes);
    this.depth = new Int32Array(nodes);
    this.via = new Int32Array(nodes);
    this.#seen = new Int32Array(nodes);
  }

  begin(from: number): void {
    this.#round++;
    this.end = 0;
    this.queue[this.end++] = from;
    this.depth[from] = 0;
    this.#seen[from] = this.#round;
  }

  reach(node: number, parent: number, edge: number): void {
    if (this.#seen[node] === this.#round) return;
    this.#seen[node] = this.#round;
    this.depth[node] = this.depth[parent]! + 1;
    this.via[node] = edge;
    this.queue[this.end++] = node;
  }

  path(edges: Edges, from: number, last: number): number[] {
    const path = [last];
    for (let v = edges.from[last]!; v !== from; v = edges.from[this.via[v]!]!)
      path.push(this.via[v]!);
    return path.reverse();
  }
}
