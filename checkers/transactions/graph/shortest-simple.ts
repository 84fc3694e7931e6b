/**
 * The shortest simple cycle of a class in a small component, whatever other cycles there are: for
 * classes of which a closed walk need not contain such a cycle.
 *
 * From each start, backwards: how many edges it takes at least to come back, by breadth-first search.
 * Then, forwards: the paths that meet no transaction twice and are by that measure not too long
 * (R. Korf, "Depth-first iterative-deepening", 1985). Mostly the first of them closes; in the worst
 * case there are exponentially many, so steps are counted.
 */

import { edgeKinds, type RelationOrder } from "../dependencies.js";
import { type Automaton, KIND_BITS, REJECT } from "./automaton.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Steps } from "./steps.js";
import type { Link } from "./walk.js";

/** What stands before what in a component. */
export interface Behind {
  /** The edges to node v: `edge[start[v]]` up to `edge[start[v + 1]]`, and the nodes they come from. */
  start: Int32Array;
  edge: Int32Array;
  source: Int32Array;
  /** By transaction: the one before it in its process. */
  previous: Int32Array;
  /** Transactions by their ends. */
  byEnd: Int32Array;
  /** By transaction: the first that begins when it is over. */
  after: Int32Array;
}

export function behind({ size, nodes, start, target, begin, end, next, members }: Residue): Behind {
  const into = new Int32Array(nodes + 1);
  for (const y of target) into[y + 1]!++;
  for (let v = 0; v < nodes; v++) into[v + 1]! += into[v]!;
  const place = into.slice();
  const edge = new Int32Array(target.length);
  const source = new Int32Array(target.length);
  for (let x = 0; x < nodes; x++) {
    for (let e = start[x]!; e < start[x + 1]!; e++) {
      const at = place[target[e]!]!++;
      edge[at] = e;
      source[at] = x;
    }
  }
  const previous = new Int32Array(size).fill(NONE);
  next.forEach((t, before) => {
    if (t !== NONE) previous[t] = before;
  });
  const after = new Int32Array(size).fill(size);
  if (end.length === 0) return { start: into, edge, source, previous, byEnd: members, after };
  const byEnd = members.slice().sort((a, b) => end[a]! - end[b]! || a - b);
  let t = 0;
  for (const x of byEnd) {
    while (t < size && begin[t]! < end[x]!) t++;
    after[x] = t;
  }
  return { start: into, edge, source, previous, byEnd, after };
}

export class ShortestSimple {
  readonly #shift: number;
  readonly #states: number;
  /** By state: the round that saw it, and how many edges it needs at least to close the cycle. */
  readonly #seen: Int32Array;
  readonly #distance: Int32Array;
  readonly #queue: Int32Array;
  readonly #isOnPath: Uint8Array;
  #tail = 0;
  #round = 0;
  #path: Link[] = [];

  /** Of the search that goes on: where it begins, how many edges it may take, what it found. */
  #first = 0;
  #closed = 0;
  #length = 0;
  #nearest = Number.POSITIVE_INFINITY;
  /** Whether anything was passed over for being too long. */
  #isCut = false;

  constructor(
    private readonly part: Residue,
    private readonly before: Behind,
    private readonly automaton: Automaton,
    private readonly order: RelationOrder,
    private readonly steps: Steps,
  ) {
    this.#shift = automaton.shift;
    this.#states = 1 << automaton.shift;
    const states = part.nodes << this.#shift;
    this.#seen = new Int32Array(states);
    this.#distance = new Int32Array(states);
    this.#queue = new Int32Array(states);
    this.#isOnPath = new Uint8Array(part.size);
  }

  /** Undefined where no such cycle goes through one of these transactions. */
  find(starts: readonly number[]): readonly Link[] | "unknown" | undefined {
    let best: readonly Link[] | undefined;
    for (let limit = 2; ; limit = limit < 8 ? limit + 1 : limit + (limit >> 1)) {
      let isLonger = false;
      for (const s of starts) {
        const found = this.#from(s, best === undefined ? limit : best.length - 1);
        if (this.steps.isOver) return best ?? "unknown";
        if (found !== undefined) best = found;
        else if (this.#isCut) isLonger = true;
      }
      if (best !== undefined || !isLonger || limit >= this.part.size) return best;
    }
  }

  #from(s: number, limit: number): readonly Link[] | undefined {
    const { state, closed } = this.automaton.starts[0]!;
    this.#first = (s << this.#shift) | state;
    this.#closed = closed;
    const isMeasuredWhole = this.#measure(limit);
    this.#isCut = !isMeasuredWhole;
    for (this.#length = this.#nearest; this.#length <= limit; this.#length++) {
      this.#isCut = !isMeasuredWhole;
      this.#path = [];
      if (this.#extend(this.#first, 0)) return this.#path;
      if (this.steps.isOver || !this.#isCut) return undefined;
    }
    return undefined;
  }

  /** Whether that did not end at the limit. */
  #measure(limit: number): boolean {
    const s = this.#first >> this.#shift;
    this.#round++;
    this.#nearest = Number.POSITIVE_INFINITY;
    this.#tail = 0;
    const timed = new Int32Array(this.#states);
    for (let state = 0; state < this.#states; state++)
      if ((this.#closed >> state) & 1) this.#retreat(s, state, 1, timed);
    let head = 0;
    for (let depth = 2; depth <= limit; depth++) {
      const end = this.#tail;
      if (head === end) return true;
      for (; head < end; head++) {
        const x = this.#queue[head]!;
        this.#retreat(x >> this.#shift, x & (this.#states - 1), depth, timed);
      }
    }
    return head === this.#tail;
  }

  /** Visits what leads to a transaction by an edge that brings it into a state. */
  #retreat(node: number, state: number, depth: number, timed: Int32Array): void {
    const { size, kind, begin, end } = this.part;
    const { start, edge, source, previous, byEnd } = this.before;
    const last = start[node + 1]!;
    this.steps.spent += 1 + last - start[node]!;
    for (let i = start[node]!; i < last; i++) {
      const x = source[i]!;
      if (x < size) {
        this.#arrive(x, kind[edge[i]!]!, state, depth);
        continue;
      }
      const virtual = (x << this.#shift) | state;
      if (this.#seen[virtual] === this.#round) continue;
      this.#seen[virtual] = this.#round;
      const end = start[x + 1]!;
      this.steps.spent += end - start[x]!;
      for (let v = start[x]!; v < end; v++) this.#arrive(source[v]!, kind[edge[v]!]!, state, depth);
    }
    if (this.order === "process" && previous[node] !== NONE)
      this.#arrive(previous[node]!, edgeKinds.process, state, depth);
    if (this.order !== "realtime") return;
    for (; timed[state]! < size; timed[state]!++) {
      const x = byEnd[timed[state]!]!;
      if (end[x]! > begin[node]!) break;
      this.#arrive(x, edgeKinds.realtime, state, depth);
    }
  }

  #arrive(node: number, kind: number, state: number, depth: number): void {
    const { step } = this.automaton;
    this.steps.spent += this.#states;
    for (let from = 0; from < this.#states; from++) {
      if (step[(from << KIND_BITS) | kind] !== state) continue;
      const x = (node << this.#shift) | from;
      if (x === this.#first) this.#nearest = Math.min(this.#nearest, depth);
      if (node === this.#first >> this.#shift || this.#seen[x] === this.#round) continue;
      this.#seen[x] = this.#round;
      this.#distance[x] = depth;
      this.#queue[this.#tail++] = x;
    }
  }

  /** Whether the path that stands at x can be closed. If so, its links are in `#path`. */
  #extend(x: number, depth: number): boolean {
    const { size, start, target, kind, next } = this.part;
    const node = x >> this.#shift;
    const end = start[node + 1]!;
    this.steps.spent += 1 + end - start[node]!;
    for (let e = start[node]!; e < end; e++) {
      const y = target[e]!;
      if (y < size) {
        if (this.#take(x, { from: node, to: y, kind: kind[e]!, edge: e, via: NONE }, depth))
          return true;
        continue;
      }
      if (this.#isRejected(x, kind[e]!)) continue;
      this.steps.spent += start[y + 1]! - start[y]!;
      for (let via = start[y]!; via < start[y + 1]!; via++)
        if (this.#take(x, { from: node, to: target[via]!, kind: kind[e]!, edge: e, via }, depth))
          return true;
    }
    if (this.order === "data") return false;
    const kindOf = this.order === "process" ? edgeKinds.process : edgeKinds.realtime;
    if (this.#isRejected(x, kindOf)) return false;
    const isTimed = this.order === "realtime";
    const later = isTimed ? this.before.after[node]! : next[node]!;
    if (later === NONE) return false;
    const last = isTimed ? size : later + 1;
    this.steps.spent += last - later;
    for (let to = later; to < last; to++)
      if (this.#take(x, { from: node, to, kind: kindOf, edge: NONE, via: NONE }, depth))
        return true;
    return false;
  }

  #isRejected(x: number, kind: number): boolean {
    return this.automaton.step[((x & (this.#states - 1)) << KIND_BITS) | kind] === REJECT;
  }

  #take(x: number, link: Link, depth: number): boolean {
    const { to, kind } = link;
    const state = this.automaton.step[((x & (this.#states - 1)) << KIND_BITS) | kind]!;
    if (state === REJECT || this.steps.isOver) return false;
    if (to === this.#first >> this.#shift) {
      if (((this.#closed >> state) & 1) === 0) return false;
      this.#path.push(link);
      return true;
    }
    const y = (to << this.#shift) | state;
    if (this.#isOnPath[to] === 1 || this.#seen[y] !== this.#round) return false;
    if (depth + 1 + this.#distance[y]! > this.#length) {
      this.#isCut = true;
      return false;
    }
    this.#path.push(link);
    this.#isOnPath[to] = 1;
    const isClosed = this.#extend(y, depth + 1);
    this.#isOnPath[to] = 0;
    if (!isClosed) this.#path.pop();
    return isClosed;
  }
}
