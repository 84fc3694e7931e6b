/**
 * Precedence between nodes, as a growing list of edges, with why each holds: is it free of cycles,
 * and which short cycle shows that it is not. Kahn's algorithm and breadth-first search, both linear;
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

const WORK_MAX = 30_000_000;

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

  /** Nodes on cycles or between two of them: none where the graph has no cycle. */
  #tangle(): Uint8Array | undefined {
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
    if (end === nodes) return undefined;
    return this.#withoutDeadEnds(entering);
  }

  #withoutDeadEnds(entering: Int32Array): Uint8Array {
    const { nodes, edges } = this;
    const inside = Uint8Array.from(entering, (count) => (count > 0 ? 1 : 0));
    let removed = true;
    // A few sweeps are enough: what is left over only costs the search some time.
    for (let sweep = 0; removed && sweep < 50; sweep++) {
      removed = false;
      for (let v = nodes - 1; v >= 0; v--) {
        if (inside[v] === 0) continue;
        let goesOn = false;
        for (let i = this.#starts[v]!; i < this.#starts[v + 1]! && !goesOn; i++)
          goesOn = inside[edges.to[this.#leaving[i]!]!] === 1;
        if (goesOn) continue;
        inside[v] = 0;
        removed = true;
      }
    }
    return inside;
  }

  isAcyclic(): boolean {
    return this.#tangle() === undefined;
  }

  /** The edges of a short cycle, undefined where there is none. */
  shortCycle(): number[] | undefined {
    const inside = this.#tangle();
    if (inside === undefined) return undefined;
    const search = new Search(this.nodes);
    let best: number[] | undefined;
    for (let v = 0; v < this.nodes && (best === undefined || search.work < WORK_MAX); v++) {
      if (inside[v] === 0) continue;
      best = this.#walk(search, v, v, best?.length ?? this.nodes + 1, inside) ?? best;
      if (best !== undefined && best.length <= 2) break;
    }
    return best;
  }

  /** The edges of a shortest path, undefined where there is none. */
  shortPath(from: number, to: number): number[] | undefined {
    return this.#walk(new Search(this.nodes), from, to, this.nodes + 1);
  }

  /** A walk of at least one and less than `below` edges. */
  #walk(
    search: Search,
    from: number,
    to: number,
    below: number,
    inside?: Uint8Array,
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
        if (inside === undefined || inside[target] === 1) search.reach(target, v, edge);
      }
    }
    return undefined;
  }
}

/** The state of one breadth-first search after another. */
class Search {
  readonly queue: Int32Array;
  readonly depth: Int32Array;
  readonly #via: Int32Array;
  readonly #seen: Int32Array;
  #round = 0;
  end = 0;
  work = 0;

  constructor(nodes: number) {
    this.queue = new Int32Array(nodes);
    this.depth = new Int32Array(nodes);
    this.#via = new Int32Array(nodes);
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
    this.#via[node] = edge;
    this.queue[this.end++] = node;
  }

  path(edges: Edges, from: number, last: number): number[] {
    const path = [last];
    for (let v = edges.from[last]!; v !== from; v = edges.from[this.#via[v]!]!)
      path.push(this.#via[v]!);
    return path.reverse();
  }
}
