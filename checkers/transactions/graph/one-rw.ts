/**
 * Is there a cycle with exactly one rw edge a -> b, given that there is none without? Exact: does b
 * reach a over the other edges? Asked for 32 such b at a time, a bit for each, in one pass in
 * topological order over the stretch between the first b and the last a. Only edges within a strongly
 * connected component of walks without adjacent rw edges are asked for, which leaves few.
 * O(rw targets / 32 x length of the stretches).
 */

import { edgeKinds } from "../dependencies.js";
import type { Automaton } from "./automaton.js";
import type { Components } from "./components.js";
import { type Layout, layOut } from "./layout.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Steps } from "./steps.js";

const BLOCK = 32;

export const HAS_ONE_RW = 1;
export const UNDECIDED = 2;

export interface OneRw {
  /** By transaction: 1 if a cycle of this kind leaves it by its rw edge; not all are found. */
  tails: Uint8Array;
  /** By transaction: 1 if it has an rw edge that may lie on such a cycle. */
  candidates: Uint8Array;
  /** By component: HAS_ONE_RW, UNDECIDED when the budget ended before that was known, or 0. */
  verdict: Uint8Array;
}

/**
 * `walks` are the components of `automaton`, which is one for walks without adjacent rw edges.
 */
export function findOneRw(
  residue: Residue,
  automaton: Automaton,
  walks: Components,
  order: "data" | "process",
  steps: Steps,
): OneRw {
  const layout = layOut(residue, automaton, walks, order);
  const passes = new Passes(residue, layout, headsOf(residue, walks, layout), steps);
  return passes.run();
}

/** Targets of rw edges, by place, with the transactions that the edges come from. */
interface Heads {
  node: Int32Array;
  tailStart: Int32Array;
  tails: Int32Array;
}

class Passes {
  readonly #tails: Uint8Array;
  readonly #verdict: Uint8Array;
  /** By place: the bits of the heads that reach it, and of those by an edge that an rw edge may follow. */
  readonly #reach: Int32Array;
  readonly #arrived: Int32Array;

  constructor(
    private readonly residue: Residue,
    private readonly layout: Layout,
    private readonly heads: Heads,
    private readonly steps: Steps,
  ) {
    this.#tails = new Uint8Array(residue.size);
    this.#verdict = new Uint8Array(residue.components);
    this.#reach = new Int32Array(layout.sequence.length);
    this.#arrived = new Int32Array(layout.sequence.length);
  }

  run(): OneRw {
    const { heads } = this;
    const candidates = new Uint8Array(this.residue.size);
    for (const a of heads.tails) candidates[a] = 1;
    let block: number[] = [];
    for (let h = 0; h < heads.node.length; h++) {
      const c = this.residue.component[heads.node[h]!]!;
      if (this.#verdict[c] === HAS_ONE_RW) continue;
      if (this.steps.isOver) {
        this.#verdict[c] = UNDECIDED;
        continue;
      }
      block.push(h);
      if (block.length < BLOCK) continue;
      this.#pass(block);
      block = [];
    }
    this.#pass(block);
    return { tails: this.#tails, candidates, verdict: this.#verdict };
  }

  #pass(block: readonly number[]): void {
    const { residue, heads, layout } = this;
    const { position } = layout;
    let lo = layout.sequence.length;
    let hi = -1;
    block.forEach((h, bit) => {
      for (const p of entries(residue, heads.node[h]!, position)) {
        this.#reach[p]! |= 1 << bit;
        lo = Math.min(lo, p);
      }
      this.#eachTail(h, (a) => {
        hi = Math.max(hi, position[a]!);
      });
    });
    this.#spread(lo, hi);
    block.forEach((h, bit) => {
      this.#eachTail(h, (a) => {
        if (((this.#arrived[position[a]!]! >>> bit) & 1) === 0) return;
        this.#tails[a] = 1;
        this.#verdict[residue.component[a]!] = HAS_ONE_RW;
      });
      for (const p of entries(residue, heads.node[h]!, position)) this.#reach[p] = 0;
    });
    this.#reach.fill(0, lo, hi + 1);
    this.#arrived.fill(0, lo, hi + 1);
  }

  #spread(lo: number, hi: number): void {
    const { start, edge } = this.layout;
    const reach = this.#reach;
    const arrived = this.#arrived;
    let spent = 0;
    for (let p = lo; p <= hi; p++) {
      const bits = reach[p]!;
      spent++;
      if (bits === 0) continue;
      const end = start[p + 1]!;
      for (let e = start[p]!; e < end; e++) {
        const q = edge[e]! >> 1;
        if (q > hi) continue;
        reach[q]! |= bits;
        if ((edge[e]! & 1) === 1) arrived[q]! |= bits;
      }
      spent += end - start[p]!;
    }
    this.steps.spent += spent;
  }

  #eachTail(h: number, visit: (a: number) => void): void {
    const { tailStart, tails } = this.heads;
    for (let i = tailStart[h]!; i < tailStart[h + 1]!; i++) visit(tails[i]!);
  }
}

/** The places where one may stand after an rw edge to this node: of a virtual node, its writers. */
function entries(residue: Residue, head: number, position: Int32Array): number[] {
  const { size, start, target } = residue;
  if (head < size) return [position[head]!];
  const all: number[] = [];
  for (let e = start[head]!; e < start[head + 1]!; e++) {
    const p = position[target[e]!]!;
    if (p !== NONE) all.push(p);
  }
  return all;
}

/** Only of edges that do not lead forward: the tail must come after the head. */
function headsOf(residue: Residue, walks: Components, { position }: Layout): Heads {
  const { size, nodes, start, target, kind } = residue;
  /** The first place of a head. */
  const first = new Int32Array(nodes).fill(NONE);
  const eachEdge = (visit: (tail: number, head: number) => void): void => {
    for (let a = 0; a < size; a++) {
      const walk = walks.of[2 * a]!;
      if (walk === NONE) continue;
      for (let e = start[a]!; e < start[a + 1]!; e++) {
        const head = target[e]!;
        if (kind[e] !== edgeKinds.rw || walks.of[2 * head + 1] !== walk) continue;
        if (first[head] === NONE)
          first[head] = entries(residue, head, position).reduce((p, q) => Math.min(p, q));
        if (position[a]! > first[head]!) visit(a, head);
      }
    }
  };
  const count = new Int32Array(nodes);
  let edges = 0;
  eachEdge((_, head) => {
    count[head]!++;
    edges++;
  });
  const node = Int32Array.from(count.keys())
    .filter((v) => count[v]! > 0)
    .sort((v, w) => first[v]! - first[w]! || v - w);
  const tailStart = new Int32Array(node.length + 1);
  const place = new Int32Array(nodes);
  node.forEach((head, h) => {
    place[head] = tailStart[h]!;
    tailStart[h + 1] = tailStart[h]! + count[head]!;
  });
  const tails = new Int32Array(edges);
  eachEdge((a, head) => {
    tails[place[head]!++] = a;
  });
  return { node, tailStart, tails };
}
