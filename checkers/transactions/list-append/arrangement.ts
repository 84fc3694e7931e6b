/**
 * All transactions that take part in one sequence that agrees with every ww and wr dependency, and
 * with the rw ones as far as a greedy choice gets: Kahn's algorithm, which goes on with the earliest
 * invoked transaction that waits for rw dependencies only whenever no other is left. A read that
 * misses an effect of its causes depends (rw) on a transaction *before* it in such a sequence, so
 * that only those few reads need to be looked at.
 *
 * O(nodes + edges), and O(log n) for each transaction that had to wait.
 */

import { type DependencyGraph, edgeKinds } from "../dependencies.js";

export interface Arrangement {
  sequence: Int32Array;
  /** By transaction: its place in the sequence; -1 for those that do not take part. */
  place: Int32Array;
  /** How many rw dependencies may point backwards: 0 means that the sequence agrees with all. */
  waived: number;
}

/** Undefined when ww and wr dependencies alone form a cycle. */
export function arrange(graph: DependencyGraph): Arrangement | undefined {
  const { transactions, present, nodes, start, target, kind } = graph;
  const { size } = transactions;
  const awaited = new Int32Array(nodes);
  const awaitedHard = new Int32Array(nodes);
  const isHard = (edge: number) => kind[edge] === edgeKinds.ww || kind[edge] === edgeKinds.wr;
  for (let e = 0; e < target.length; e++) {
    awaited[target[e]!]! += 1;
    if (isHard(e)) awaitedHard[target[e]!]! += 1;
  }
  const place = new Int32Array(nodes).fill(-1);
  const sequence = new Int32Array(present.reduce((sum, one) => sum + one, 0));
  const ready = new Int32Array(nodes);
  let readyFrom = 0;
  let readyTo = 0;
  for (let v = 0; v < nodes; v++) {
    if (awaited[v] === 0 && (v >= size || present[v] === 1)) ready[readyTo++] = v;
  }
  let placed = 0;
  let waived = 0;
  let waiting: LeastFirst | undefined;
  for (;;) {
    let v = -1;
    if (readyFrom < readyTo) v = ready[readyFrom++]!;
    else if (placed === sequence.length) return { sequence, place, waived };
    else {
      waiting ??= whoWaits(graph, place, awaitedHard);
      do {
        v = waiting.take();
        if (v === -1) return undefined;
      } while (place[v] !== -1);
      waived += awaited[v]!;
    }
    if (v < size) {
      place[v] = placed;
      sequence[placed++] = v;
    }
    for (let e = start[v]!; e < start[v + 1]!; e++) {
      const next = target[e]!;
      awaited[next]! -= 1;
      if (isHard(e)) awaitedHard[next]! -= 1;
      if (place[next] !== -1) continue;
      if (awaited[next] === 0) ready[readyTo++] = next;
      else if (waiting !== undefined && isHard(e) && awaitedHard[next] === 0) waiting.add(next);
    }
  }
}

function whoWaits(graph: DependencyGraph, place: Int32Array, awaitedHard: Int32Array): LeastFirst {
  const waiting = new LeastFirst();
  for (let t = 0; t < graph.transactions.size; t++) {
    if (graph.present[t] === 1 && place[t] === -1 && awaitedHard[t] === 0) waiting.add(t);
  }
  return waiting;
}

/** A binary heap of numbers. */
class LeastFirst {
  readonly #heap: number[] = [];

  add(number: number): void {
    const heap = this.#heap;
    let at = heap.push(number) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (heap[parent]! <= number) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = number;
  }

  /** -1 when there is none. */
  take(): number {
    const heap = this.#heap;
    const least = heap[0];
    const last = heap.pop();
    if (least === undefined || last === undefined) return -1;
    if (heap.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return least;
  }
}
