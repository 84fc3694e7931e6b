/**
 * What remains of a graph when, again and again, everything is taken away that nothing precedes
 * (A. B. Kahn, "Topological sorting of large networks", 1962). If nothing remains there is no cycle,
 * and the order of taking away proves it. O(nodes + edges), barriers included: they are passed one
 * after another, when all that ends before them is gone.
 */

import { edgeKinds, type RelationOrder, VIA } from "../dependencies.js";
import { NONE, type Relation } from "./relation.js";

export interface Peeled {
  /** What was taken away, first to last: nodes, or states of a split graph. */
  order: Int32Array;
  isEmpty: boolean;
  /** By node or state: GONE, or more for what remains. Absent transactions are as if gone. */
  degree: Int32Array;
}

export const GONE = -1;

/** Takes nodes away; only edges of these kinds count. */
export function peel(relation: Relation, kinds: number, order: RelationOrder): Peeled {
  const { size, nodes, present, start, target, kind, next, end } = relation;
  const isAllowed = new Uint8Array(1 << 5);
  for (const each of Object.values(edgeKinds)) isAllowed[each] = kinds & each ? 1 : 0;
  isAllowed[VIA] = isAllowed[edgeKinds.rw]!;
  const degree = new Int32Array(nodes);
  const edges = start[nodes]!;
  for (let e = 0; e < edges; e++) degree[target[e]!]! += isAllowed[kind[e]!]!;
  if (order === "process") for (const t of next) if (t !== NONE) degree[t]!++;
  const gate = new Gate(relation, order);
  const queue = new Int32Array(nodes);
  let head = 0;
  let tail = 0;
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) degree[t] = GONE;
    else if (degree[t] === 0 && t < gate.open) queue[tail++] = t;
  }
  for (let v = size; v < nodes; v++) if (degree[v] === 0) queue[tail++] = v;
  while (head < tail) {
    const x = queue[head++]!;
    degree[x] = GONE;
    const last = start[x + 1]!;
    for (let e = start[x]!; e < last; e++) {
      if (isAllowed[kind[e]!] === 0) continue;
      const y = target[e]!;
      if (--degree[y]! === 0 && (y < gate.open || y >= size)) queue[tail++] = y;
    }
    if (x >= size || order === "data") continue;
    if (order === "process") {
      const t = next[x]!;
      if (t !== NONE && --degree[t]! === 0) queue[tail++] = t;
      continue;
    }
    let t = gate.open;
    const open = gate.end(end[x]!);
    for (; t < open; t++) if (degree[t] === 0) queue[tail++] = t;
  }
  return { order: queue.subarray(0, tail), isEmpty: isAllGone(degree), degree };
}

/**
 * Takes away the two events of each transaction t, its snapshot 2t and its commit 2t + 1; the state
 * of a virtual node v is size + v. An rw edge leads from a snapshot to a commit, all others from a
 * commit to a snapshot; a ww edge to a commit if `isPrefix`.
 */
export function peelEvents(relation: Relation, isPrefix: boolean, order: RelationOrder): Peeled {
  const { size, nodes, present, start, target, kind, next, end } = relation;
  const { rw, ww } = edgeKinds;
  const states = size + nodes;
  const degree = new Int32Array(states);
  const wwLanding = isPrefix ? 1 : 0;
  const landing = (kindOf: number, y: number): number => {
    if (y >= size) return size + y;
    if (kindOf === rw || kindOf === VIA) return 2 * y + 1;
    return kindOf === ww ? 2 * y + wwLanding : 2 * y;
  };
  const edges = start[nodes]!;
  for (let e = 0; e < edges; e++) degree[landing(kind[e]!, target[e]!)]!++;
  if (order === "process") for (const t of next) if (t !== NONE) degree[2 * t]!++;
  const gate = new Gate(relation, order);
  const queue = new Int32Array(states);
  let head = 0;
  let tail = 0;
  for (let t = 0; t < size; t++) {
    if (present[t] === 0) {
      degree[2 * t] = GONE;
      degree[2 * t + 1] = GONE;
      continue;
    }
    degree[2 * t + 1]!++;
    if (degree[2 * t] === 0 && t < gate.open) queue[tail++] = 2 * t;
  }
  for (let v = size; v < nodes; v++) if (degree[size + v] === 0) queue[tail++] = size + v;
  while (head < tail) {
    const state = queue[head++]!;
    degree[state] = GONE;
    const isVirtual = state >= 2 * size;
    const x = isVirtual ? state - size : state >> 1;
    const isSnapshot = !isVirtual && (state & 1) === 0;
    const last = start[x + 1]!;
    for (let e = start[x]!; e < last; e++) {
      if (!isVirtual && (kind[e] === rw) !== isSnapshot) continue;
      const y = landing(kind[e]!, target[e]!);
      if (--degree[y]! > 0) continue;
      if (y >= 2 * gate.open && y < 2 * size && (y & 1) === 0) continue;
      queue[tail++] = y;
    }
    if (isVirtual) continue;
    if (isSnapshot) {
      if (--degree[state + 1]! === 0) queue[tail++] = state + 1;
    } else if (order === "process") {
      const t = next[x]!;
      if (t !== NONE && --degree[2 * t]! === 0) queue[tail++] = 2 * t;
    } else if (order === "realtime") {
      let t = gate.open;
      const open = gate.end(end[x]!);
      for (; t < open; t++) if (degree[2 * t] === 0) queue[tail++] = 2 * t;
    }
  }
  return { order: queue.subarray(0, tail), isEmpty: isAllGone(degree), degree };
}

function isAllGone(degree: Int32Array): boolean {
  return degree.every((d) => d === GONE);
}

/** Which transactions may begin: the barriers they begin at have been passed. */
class Gate {
  /** Those below it may begin. */
  open: number;
  #passed = 0;
  /** By barrier: how many that end at it are not gone. */
  readonly #waiting: Int32Array;

  constructor(
    private readonly relation: Relation,
    order: RelationOrder,
  ) {
    const { size, end, barriers } = relation;
    this.open = size;
    this.#waiting = new Int32Array(order === "realtime" ? barriers + 1 : 0);
    if (order !== "realtime") return;
    for (let t = 0; t < size; t++) if (end[t]! <= barriers) this.#waiting[end[t]!]!++;
    this.open = 0;
    this.#raise();
  }

  /** One that ends at this barrier is gone; answers what is open now. */
  end(barrier: number): number {
    if (barrier > this.relation.barriers || --this.#waiting[barrier]! > 0) return this.open;
    if (barrier === this.#passed + 1) this.#raise();
    return this.open;
  }

  #raise(): void {
    const { size, begin, barriers } = this.relation;
    while (this.#passed < barriers && this.#waiting[this.#passed + 1] === 0) this.#passed++;
    while (this.open < size && begin[this.open]! <= this.#passed) this.open++;
  }
}
