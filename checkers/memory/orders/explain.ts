/**
 * Why edges cannot be completed: a cycle with few edges between sessions, and the accesses from which
 * its derived edges follow.
 *
 * Searches run breadth first over 0-1 weights (steps within a session are free), each O(edges). A cycle
 * is one of those through a few nodes, short and resting on little, not the shortest of all. Reasons are followed through older
 * edges only, so that nothing explains itself; after REASONS_MAX of them the rest is left out.
 */

import { kinds } from "../accesses.js";
import type { Step, Violation } from "../decision.js";
import { type Edges, NO_REASON, relations } from "./edges.js";
import type { Problem } from "./problem.js";

const STARTS_MAX = 24;
const REASONS_MAX = 64;
const TOLD_MAX = 4;

const names = ["session", "reads-from", "overwrites", "replaced"] as const;

/** The edges have a cycle; `through` is a node on one, if one is known. */
export function violationOf(problem: Problem, type: string, through?: number): Violation {
  const { edges } = problem;
  const search = new PathSearch(edges);
  const cycles: number[][] = [];
  for (const start of through === undefined ? startsOf(edges) : [through]) {
    const cycle = search.path(start, start, edges.count);
    if (cycle !== undefined) cycles.push(cycle);
  }
  const told = cycles
    .sort((a, b) => weight(edges, a) - weight(edges, b))
    .slice(0, TOLD_MAX)
    .map((cycle) => ({
      type,
      path: stepsOf(problem, cycle),
      accesses: reasonsOf(problem, search, cycle),
    }));
  return told.reduce((a, b) => (b.accesses.length < a.accesses.length ? b : a));
}

/** Steps between sessions; those that were derived count more, for what they rest on. */
function weight(edges: Edges, path: readonly number[]): number {
  let sum = 0;
  for (const edge of path) {
    if (edges.relation[edge] === relations.session) continue;
    sum += edges.reason[edge] === NO_REASON ? 2 : 3;
  }
  return sum;
}

/** Nodes on cycles: a few, spread. */
function startsOf(edges: Edges): number[] {
  const { nodes, from, headIn, nextIn } = edges;
  const order = new Int32Array(nodes);
  // What no topological order has room for is on a cycle or behind one.
  const left = new Uint8Array(nodes).fill(1);
  for (let filled = edges.sort(order); filled > 0; filled--) left[order[filled - 1]!] = 0;
  const crossing: number[] = [];
  for (let edge = 0; edge < edges.count; edge++) {
    if (edges.relation[edge] === relations.session) continue;
    if (left[from[edge]!] === 1) crossing.push(from[edge]!);
  }
  const stride = Math.max(1, Math.ceil(crossing.length / STARTS_MAX));
  const starts = new Set<number>();
  const walk = new Int32Array(nodes).fill(-1);
  for (let i = 0; i < crossing.length; i += stride) {
    // Each has a predecessor of its kind; the way back closes sooner or later.
    let node = crossing[i]!;
    while (walk[node] !== i) {
      walk[node] = i;
      let edge = headIn[node]!;
      while (left[from[edge]!] === 0) edge = nextIn[edge]!;
      node = from[edge]!;
    }
    starts.add(node);
  }
  return [...starts];
}

class PathSearch {
  readonly #edges: Edges;
  readonly #distance: Int32Array;
  readonly #arrival: Int32Array;

  constructor(edges: Edges) {
    this.#edges = edges;
    this.#distance = new Int32Array(edges.nodes);
    this.#arrival = new Int32Array(edges.nodes);
  }

  /** Edges older than `limit` from `start` to `end` (around, if they are one), fewest crossings first. */
  path(start: number, end: number, limit: number): number[] | undefined {
    const { headOut, nextOut, to, relation } = this.#edges;
    const distance = this.#distance.fill(-1);
    const arrival = this.#arrival.fill(-1);
    let level = [start];
    for (let reached = 0; level.length > 0; reached++) {
      const next: number[] = [];
      for (let node = level.pop(); node !== undefined; node = level.pop()) {
        if (distance[node] !== -1 && distance[node]! < reached) continue;
        for (let edge = headOut[node]!; edge >= 0; edge = nextOut[edge]!) {
          if (edge >= limit) continue;
          const target = to[edge]!;
          const free = relation[edge] === relations.session;
          const cost = free ? reached : reached + 1;
          if (target === end && (free || arrival[end] === -1)) {
            if (free) return this.#trace(start, edge);
            arrival[end] = edge;
            continue;
          }
          if (target === end || target === start) continue;
          if (distance[target] !== -1 && distance[target]! <= cost) continue;
          distance[target] = cost;
          arrival[target] = edge;
          (free ? level : next).push(target);
        }
      }
      if (arrival[end] !== -1) return this.#trace(start, arrival[end]!);
      level = next;
    }
    return undefined;
  }

  #trace(start: number, last: number): number[] {
    const path = [last];
    const { from } = this.#edges;
    for (let node = from[last]!; node !== start; node = from[path.at(-1)!]!) {
      path.push(this.#arrival[node]!);
    }
    return path.reverse();
  }
}

/** The edges as steps between accesses: barriers left out, runs within a session as one. */
function stepsOf({ edges, accesses }: Problem, cycle: readonly number[]): Step[] {
  const crossing = cycle.findIndex((edge) => edges.relation[edge] !== relations.session);
  const steps: Step[] = [];
  for (let i = 0; i < cycle.length; i++) {
    const edge = cycle[(crossing + i) % cycle.length]!;
    const step = { from: edges.from[edge]!, to: edges.to[edge]!, relation: edges.relation[edge]! };
    const last = steps.at(-1);
    const session = step.relation === relations.session && last?.relation === "session";
    if (last !== undefined && (session || step.from >= accesses.size)) last.to = step.to;
    else steps.push({ ...step, relation: names[step.relation]! });
  }
  const first = steps[0];
  const last = steps.at(-1);
  // The cycle was cut at a barrier.
  if (first !== undefined && last !== undefined && first.from >= accesses.size) {
    last.to = first.to;
    steps.shift();
  }
  return steps;
}

/** Accesses of the cycle and of the paths that its derived edges follow from. */
function reasonsOf(problem: Problem, search: PathSearch, cycle: number[]): number[] {
  const { edges, accesses } = problem;
  const found = new Set<number>();
  const seen = new Set<number>(cycle);
  const paths = [cycle];
  for (const path of paths) {
    for (const node of cornersOf(problem, path)) {
      if (node < accesses.size) found.add(node);
    }
    for (const edge of path) {
      const [from, to, reason] = [edges.from[edge]!, edges.to[edge]!, edges.reason[edge]!];
      const replaced = edges.relation[edge] === relations.replaced;
      // What was replaced is what was read.
      if (replaced && from < accesses.size && accesses.source[from]! >= 0) {
        found.add(accesses.source[from]!);
      }
      if (reason === NO_REASON) continue;
      found.add(reason);
      const [start, end] = replaced ? [reason, to] : [from, reason];
      const whole = paths.length < REASONS_MAX ? search.path(start, end, edge) : undefined;
      const fresh = (whole ?? []).filter((part) => !seen.has(part));
      for (const part of fresh) seen.add(part);
      if (fresh.length > 0) paths.push(fresh);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * The ends of the edges, but of a run within a session only its own ends, and the fence or update that
 * may be what keeps them in order.
 */
function cornersOf({ edges, accesses, machine }: Problem, path: readonly number[]): number[] {
  const corners: number[] = [];
  let fenced = false;
  path.forEach((edge, i) => {
    const from = edges.from[edge]!;
    const previous = path[i - 1];
    const inner =
      previous !== undefined &&
      edges.relation[edge] === relations.session &&
      edges.relation[previous] === relations.session &&
      edges.to[previous] === from;
    const kind = accesses.kind[from];
    const fence = kind === kinds.fence || kind === kinds.update;
    if (!inner) fenced = false;
    if (!inner || (fence && !fenced && machine !== "sequential")) corners.push(from);
    if (inner && fence) fenced = true;
    const next = path[i + 1];
    const goesOn = next !== undefined && edges.from[next] === edges.to[edge];
    if (!goesOn || edges.relation[next] !== relations.session) corners.push(edges.to[edge]!);
  });
  return corners;
}
