/**
 * Short paths and cycles through session order, reads-from and other arcs, for people to read: those
 * with the fewest arcs, since any distance within a session is one step. Breadth first, where reaching
 * a node reaches the rest of its session: O(nodes + arcs) for a search. Only wanted once a violation is
 * known to be there.
 */

import type { Relation, Step } from "../decision.js";
import { Arcs, type ArcsByNode, byNode, NO_REASON } from "./arcs.js";
import { type Nodes, READS } from "./nodes.js";

export interface Route {
  steps: Step[];
  /** Where arcs leave that follow from a read, each with that read. */
  reasons: { from: number; read: number }[];
}

interface Edge {
  from: number;
  to: number;
  relation: Relation;
  reason: number;
}

const UNREACHED = -1;
/** Edges looked at before the shortest cycle so far is taken. */
const EDGES_MAX = 4_000_000;
const STARTS_MAX = 64;

export class Paths {
  readonly #nodes: Nodes;
  readonly #kinds: { arcs: Arcs; leaving: ArcsByNode }[];
  /** By session: from where on its nodes have been reached. */
  readonly #reached: Int32Array;
  /** By node: the node at which its session was entered, and by node of entry the edge of entry. */
  readonly #entry: Int32Array;
  readonly #edge: (Edge | undefined)[];
  #edgesSeen = 0;

  constructor(nodes: Nodes, ...arcs: Arcs[]) {
    this.#nodes = nodes;
    const all = [readsFrom(nodes), ...arcs.filter(({ size }) => size > 0)];
    this.#kinds = all.map((each) => ({ arcs: each, leaving: byNode(nodes, each, "from") }));
    this.#reached = new Int32Array(nodes.accesses.sessions);
    this.#entry = new Int32Array(nodes.size);
    this.#edge = new Array<Edge | undefined>(nodes.size);
  }

  /** From one access to another that comes after it; undefined if it does not. */
  between(from: number, to: number): Route | undefined {
    const { of } = this.#nodes;
    if (of[from] === of[to]) return { steps: [], reasons: [] };
    const edges = this.#search(of[from]!, of[to]!, Number.POSITIVE_INFINITY);
    return edges && this.#route(edges, from, to);
  }

  /** The shortest cycle found through one of `candidates`, which lie on a cycle together. */
  cycle(candidates: readonly number[]): Route {
    this.#edgesSeen = 0;
    let best: Edge[] = [];
    for (const candidate of candidates.slice(0, STARTS_MAX)) {
      const limit = best.length === 0 ? Number.POSITIVE_INFINITY : best.length;
      if (best.length > 0 && (best.length === 1 || this.#edgesSeen > EDGES_MAX)) break;
      const edges = this.#search(candidate, candidate, limit);
      if (edges !== undefined) best = edges;
    }
    return this.#route(best);
  }

  /** The edges of a path with fewer than `limit` of them; of a cycle where it ends as it starts. */
  #search(start: number, goal: number, limit: number): Edge[] | undefined {
    const { of, session, starts } = this.#nodes;
    const reached = this.#reached;
    for (let s = 0; s < reached.length; s++) reached[s] = starts[s + 1]!;
    const isCycle = start === goal;
    const goalSession = session[goal]!;
    const isGoal = (v: number) => session[v] === goalSession && v <= goal;
    let level: [number, number][] = [this.#reach(start, undefined)];
    if (!isCycle && isGoal(start)) return [];
    for (let length = 1; length < limit && level.length > 0; length++) {
      const following: [number, number][] = [];
      for (const [first, end] of level) {
        for (let v = first; v < end; v++) {
          for (const { arcs, leaving } of this.#kinds) {
            for (let i = leaving.start[v]!; i < leaving.start[v + 1]!; i++) {
              this.#edgesSeen++;
              const arc = leaving.order[i]!;
              const to = arcs.to[arc]!;
              const node = of[to]!;
              const closes = isCycle && isGoal(node);
              if (!closes && node >= reached[session[node]!]!) continue;
              const relation = arcs.relationOf(arc);
              const edge = { from: arcs.from[arc]!, to, relation, reason: arcs.reason[arc]! };
              if (isGoal(node)) return [...this.#edgesTo(v, start), edge];
              following.push(this.#reach(node, edge));
            }
          }
        }
      }
      level = following;
    }
    return undefined;
  }

  /** Marks a node and the rest of its session, and says which of them are new. */
  #reach(node: number, edge: Edge | undefined): [number, number] {
    const s = this.#nodes.session[node]!;
    const end = this.#reached[s]!;
    this.#reached[s] = node;
    this.#edge[node] = edge;
    this.#entry.fill(node, node, end);
    return [node, end];
  }

  #edgesTo(node: number, start: number): Edge[] {
    const edges: Edge[] = [];
    for (let v = this.#entry[node]!; v !== start; ) {
      const edge = this.#edge[v]!;
      edges.push(edge);
      v = this.#entry[this.#nodes.of[edge.from]!]!;
    }
    return edges.reverse();
  }

  /** Edges with the session steps between them; a cycle where no ends are named. */
  #route(edges: readonly Edge[], from = UNREACHED, to = UNREACHED): Route {
    const { of } = this.#nodes;
    const steps: Step[] = [];
    const stitch = (a: number, b: number) => {
      if (of[a] !== of[b]) steps.push({ from: a, to: b, relation: "session" });
    };
    if (from !== UNREACHED) stitch(from, edges[0]?.from ?? to);
    edges.forEach((edge, i) => {
      steps.push({ from: edge.from, to: edge.to, relation: edge.relation });
      const next = edges[i + 1]?.from ?? (from === UNREACHED ? edges[0]!.from : to);
      stitch(edge.to, next);
    });
    const reasons = edges.flatMap(({ from: left, reason }) =>
      reason === NO_REASON ? [] : [{ from: left, read: reason }],
    );
    return { steps, reasons };
  }
}

function readsFrom({ accesses, flags }: Nodes): Arcs {
  const arcs = new Arcs();
  for (let a = 0; a < accesses.size; a++) {
    if (flags[a]! & READS && accesses.source[a]! >= 0)
      arcs.push(accesses.source[a]!, a, "reads-from");
  }
  return arcs;
}

/** All that is on the routes or is a reason for them, ascending. */
export function accessesOf(...routes: (Route | undefined)[]): number[] {
  const all = new Set<number>();
  for (const route of routes) {
    for (const { from, to } of route?.steps ?? []) all.add(from).add(to);
    for (const { read } of route?.reasons ?? []) all.add(read);
  }
  return [...all].sort((a, b) => a - b);
}
