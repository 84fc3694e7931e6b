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
import { peel } from "./peel.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Steps } from "./steps.js";

const BLOCK = 32;

export interface OneRw {
  /** By transaction: 1 if a cycle of this kind leaves it by its rw edge; not all are found. */
  tails: Uint8Array;
  /** By transaction: 1 if it has an rw edge that was asked for. */
  candidates: Uint8Array;
  /** By component: 1 if it has such a cycle, 2 if the budget ended before that was known. */
  verdict: Uint8Array;
}

export const HAS_ONE_RW = 1;
export const UNDECIDED = 2;

/** Targets of rw edges with the transactions they come from, in topological order. */
interface Heads {
  node: Int32Array;
  tailStart: Int32Array;
  tails: Int32Array;
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
  const { size, start, target, kind, component, next } = residue;
  const tails = new Uint8Array(size);
  const candidates = new Uint8Array(size);
  const verdict = new Uint8Array(residue.components);
  const { sequence, position } = layOut(residue, walks, order);
  const heads = headsOf(residue, walks, position);
  for (const a of heads.tails) candidates[a] = 1;
  /** By place in the sequence: which b reach it, and by an edge after which an rw edge may follow. */
  const reach = new Int32Array(sequence.length);
  const arrived = new Int32Array(sequence.length);
  const isFree = (kindOf: number): boolean =>
    automaton.step[kindOf] === 0 && kindOf !== edgeKinds.rw;
  const pass = (p: number, q: number, isFreeEdge: boolean): void => {
    reach[q]! |= reach[p]!;
    if (isFreeEdge) arrived[q]! |= reach[p]!;
  };
  const open: number[] = [];
  const flush = (): void => {
    if (steps.isOver) {
      for (const h of open) markUndecided(verdict, component[heads.node[h]!]!);
      open.length = 0;
      return;
    }
    let lo = sequence.length;
    let hi = -1;
    open.forEach((h, bit) => {
      for (const p of entries(residue, heads.node[h]!, position)) {
        reach[p]! |= 1 << bit;
        lo = Math.min(lo, p);
      }
      for (let i = heads.tailStart[h]!; i < heads.tailStart[h + 1]!; i++)
        hi = Math.max(hi, position[heads.tails[i]!]!);
    });
    for (let p = lo; p <= hi; p++) {
      if (reach[p] === 0) continue;
      const x = sequence[p]!;
      steps.spent += 1 + start[x + 1]! - start[x]!;
      for (let e = start[x]!; e < start[x + 1]!; e++) {
        const q = position[target[e]!]!;
        if (kind[e] === edgeKinds.rw || q === NONE || q > hi) continue;
        pass(p, q, isFree(kind[e]!));
      }
      if (order === "data" || next[x] === NONE) continue;
      const q = position[next[x]!]!;
      if (q !== NONE && q <= hi) pass(p, q, true);
    }
    open.forEach((h, bit) => {
      for (let i = heads.tailStart[h]!; i < heads.tailStart[h + 1]!; i++) {
        const a = heads.tails[i]!;
        if (((arrived[position[a]!]! >>> bit) & 1) === 0) continue;
        tails[a] = 1;
        verdict[component[a]!] = HAS_ONE_RW;
      }
      for (const p of entries(residue, heads.node[h]!, position)) reach[p] = 0;
    });
    steps.spent += Math.max(0, hi - lo);
    reach.fill(0, lo, hi + 1);
    arrived.fill(0, lo, hi + 1);
    open.length = 0;
  };
  for (let h = 0; h < heads.node.length; h++) {
    if (verdict[component[heads.node[h]!]!] === HAS_ONE_RW) continue;
    open.push(h);
    if (open.length === BLOCK) flush();
  }
  if (open.length > 0) flush();
  return { tails, candidates, verdict };
}

function markUndecided(verdict: Uint8Array, c: number): void {
  if (verdict[c] !== HAS_ONE_RW) verdict[c] = UNDECIDED;
}

/** Transactions on walks, by component and then topologically. */
function layOut(
  residue: Residue,
  walks: Components,
  order: "data" | "process",
): { sequence: Int32Array; position: Int32Array } {
  const { size, nodes, component, components } = residue;
  const sorted = peel(residue, edgeKinds.ww | edgeKinds.wr, order).order;
  const isOn = (t: number): boolean => walks.of[2 * t] !== NONE || walks.of[2 * t + 1] !== NONE;
  const place = new Int32Array(components + 1);
  for (const t of sorted) if (t < size && isOn(t)) place[component[t]! + 1]!++;
  for (let c = 0; c < components; c++) place[c + 1]! += place[c]!;
  const sequence = new Int32Array(place[components]!);
  const position = new Int32Array(nodes).fill(NONE);
  for (const t of sorted) {
    if (t >= size || !isOn(t)) continue;
    const p = place[component[t]!]!++;
    sequence[p] = t;
    position[t] = p;
  }
  return { sequence, position };
}

/** Where one stands after an rw edge to this node: of a virtual node, at any of its writers. */
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

function headsOf(residue: Residue, walks: Components, position: Int32Array): Heads {
  const { size, nodes, start, target, kind } = residue;
  const key = new Int32Array(nodes).fill(NONE);
  const eachEdge = (visit: (from: number, head: number) => void): void => {
    for (let a = 0; a < size; a++) {
      const from = walks.of[2 * a]!;
      if (from === NONE || position[a] === NONE) continue;
      for (let e = start[a]!; e < start[a + 1]!; e++) {
        const head = target[e]!;
        if (kind[e] !== edgeKinds.rw || walks.of[2 * head + 1] !== from) continue;
        if (key[head] === NONE)
          key[head] = entries(residue, head, position).reduce((a, b) => Math.min(a, b));
        if (position[a]! > key[head]!) visit(a, head);
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
    .sort((a, b) => key[a]! - key[b]! || a - b);
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
