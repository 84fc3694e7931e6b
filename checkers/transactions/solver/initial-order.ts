/**
 * A first order of the events, which respects all edges of the graph and breaks few rules of the
 * open keys: a list schedule (Kahn 1962) by completion time, in which a write to an open key waits
 * until everybody has read the version before it, and, where transactions have a snapshot, a
 * writer's snapshot waits for the commit of the writer before it. Transactions also wait for those
 * that completed before they were invoked, even where that is not demanded: most databases do it.
 * When all wait for each other the first goes on nevertheless. Whatever was written in an order
 * that explains the reads, and completed in about that order, is found here.
 *
 * O((nodes + edges) log nodes).
 */

import { outcomes } from "../../../histories/columns.js";
import { assert } from "../../../src/base/errors.js";
import { type DependencyGraph, edgeKinds } from "../dependencies.js";
import type { EventGraph } from "./event-graph.js";
import { EventHeap } from "./event-heap.js";
import type { OpenVersions } from "./open-versions.js";

const WAITING = 1;
/** A snapshot that could be taken, but whose commit would have to wait. */
const HESITATING = 2;
const PLACED = 3;
const NONE = -1;

/** All nodes in order, given `deadlines`; undefined when the graph has a cycle. */
export function initialOrder(
  graph: DependencyGraph,
  events: EventGraph,
  versions: OpenVersions,
  deadline: Float64Array,
): Int32Array | undefined {
  return new Schedule(events, versions, ranks(deadline, events), new Horizon(graph, events)).run();
}

/**
 * When each transaction should have taken effect: before its completion, and before that of all
 * who depend on it by reading from it. One pass against a sequence that agrees with the graph:
 * deadlines are handed from dependents to those they depend on until nothing changes, at most
 * ROUNDS times.
 */
export function deadlines({ transactions, start, target, kind }: DependencyGraph): Float64Array {
  const { size, outcome, completed, invoked } = transactions;
  const deadline = Float64Array.from(completed, (position, t) =>
    outcome[t] === outcomes.ok ? position : Number.POSITIVE_INFINITY,
  );
  for (let round = 0; round < ROUNDS; round++) {
    let isChanged = false;
    // Mostly who depends on another was invoked later.
    for (let t = size - 1; t >= 0; t--) {
      let first = deadline[t]!;
      for (let e = start[t]!; e < start[t + 1]!; e++) {
        const to = target[e]!;
        if (kind[e] === edgeKinds.wr && to < size) first = Math.min(first, deadline[to]! - EARLIER);
      }
      if (first < deadline[t]!) isChanged = true;
      deadline[t] = first;
    }
    if (!isChanged) break;
  }
  for (let t = 0; t < size; t++) if (!Number.isFinite(deadline[t]!)) deadline[t] = invoked[t]!;
  return deadline;
}

/** Deadlines in a chain of dependents differ by so much, a power of two: sums stay exact. */
const EARLIER = 2 ** -10;
const ROUNDS = 8;

function ranks(deadline: Float64Array, { split, nodes, firstVirtual }: EventGraph): Float64Array {
  // Nodes that only pass on what they wait for come at once.
  const rank = new Float64Array(nodes).fill(-1);
  for (let event = 0; event < firstVirtual; event++)
    rank[event] = deadline[split === 2 ? event >> 1 : event]!;
  return rank;
}

/** Who has to wait because somebody completed before it was invoked and has no place yet. */
class Horizon {
  readonly #events: EventGraph;
  readonly #transactions: DependencyGraph["transactions"];
  /**
   * Transactions that are known to have completed, in that order; those before `#first` are placed.
   */
  readonly #byCompletion: Int32Array;
  #first = 0;
  readonly #held: EventHeap;

  constructor({ transactions, present }: DependencyGraph, events: EventGraph) {
    this.#events = events;
    this.#transactions = transactions;
    const { size, outcome, completed, invoked } = transactions;
    this.#byCompletion = Int32Array.from({ length: size }, (_, t) => t)
      .filter((t) => present[t] === 1 && outcome[t] === outcomes.ok)
      .sort((a, b) => completed[a]! - completed[b]!);
    const { split, firstVirtual } = events;
    const begin = new Float64Array(firstVirtual);
    for (let event = 0; event < firstVirtual; event++)
      begin[event] = invoked[split === 2 ? event >> 1 : event]!;
    this.#held = new EventHeap(begin);
  }

  /** Whether an event has to wait; then it does. */
  holds(node: number): boolean {
    const { split, firstVirtual } = this.#events;
    if (node >= firstVirtual || (split === 2 && (node & 1) === 1)) return false;
    if (this.#isOver(node)) return false;
    this.#held.push(node);
    return true;
  }

  /** An event that has waited long enough, or NONE. */
  next(state: Uint8Array): number {
    const { split } = this.#events;
    while (
      this.#first < this.#byCompletion.length &&
      state[this.#byCompletion[this.#first]! * split + split - 1] === PLACED
    )
      this.#first += 1;
    return this.#held.size > 0 && this.#isOver(this.#held.top) ? this.#held.pop() : NONE;
  }

  /** The first of those that wait, or NONE. */
  force(): number {
    return this.#held.size > 0 ? this.#held.pop() : NONE;
  }

  #isOver(event: number): boolean {
    const first = this.#byCompletion[this.#first];
    if (first === undefined) return true;
    const t = this.#events.split === 2 ? event >> 1 : event;
    return this.#transactions.invoked[t]! < this.#transactions.completed[first]!;
  }
}

class Schedule {
  readonly #events: EventGraph;
  readonly #versions: OpenVersions;
  readonly #ready: EventHeap;
  readonly #waiting: EventHeap;
  readonly #hesitating: EventHeap;
  /** What the last obstacle means: WAITING or HESITATING. */
  #patience = WAITING;
  readonly #state: Uint8Array;
  readonly #unplaced: Int32Array;
  /**
   * By open key: the version written last; the writer whose snapshot is taken and who has yet to
   * commit.
   */
  readonly #current: Int32Array;
  readonly #active: Int32Array;
  /** By version: how many have yet to read it, and the sum of their numbers. */
  readonly #pending: Int32Array;
  readonly #pendingSum: Float64Array;
  /** Those who wait for a key, in order of arrival: doubly linked. */
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #waitsFor: Int32Array;

  constructor(
    events: EventGraph,
    versions: OpenVersions,
    rank: Float64Array,
    readonly horizon: Horizon,
  ) {
    this.#events = events;
    this.#versions = versions;
    this.#ready = new EventHeap(rank);
    this.#waiting = new EventHeap(rank);
    this.#hesitating = new EventHeap(rank);
    this.#state = new Uint8Array(events.nodes);
    this.#unplaced = new Int32Array(events.nodes);
    const keys = versions.open.length;
    this.#current = new Int32Array(keys).fill(NONE);
    this.#active = new Int32Array(keys).fill(NONE);
    this.#head = new Int32Array(keys).fill(NONE);
    this.#tail = new Int32Array(keys).fill(NONE);
    this.#next = new Int32Array(events.firstVirtual);
    this.#previous = new Int32Array(events.firstVirtual);
    this.#waitsFor = new Int32Array(events.firstVirtual).fill(NONE);
    const { start, items } = versions.readers;
    const count = versions.writer.length;
    this.#pending = new Int32Array(count);
    this.#pendingSum = new Float64Array(count);
    for (let v = 0; v < count; v++) {
      this.#pending[v] = start[v + 1]! - start[v]!;
      for (let i = start[v]!; i < start[v + 1]!; i++) this.#pendingSum[v]! += items[i]!;
    }
  }

  run(): Int32Array | undefined {
    const { nodes, backStart, start, target } = this.#events;
    const order = new Int32Array(nodes);
    let placed = 0;
    for (let node = 0; node < nodes; node++) {
      this.#unplaced[node] = backStart[node + 1]! - backStart[node]!;
      if (this.#unplaced[node] === 0) this.#admit(node);
    }
    for (;;) {
      const node = this.#take();
      if (node === NONE) break;
      order[placed++] = node;
      this.#place(node);
      for (let e = start[node]!; e < start[node + 1]!; e++) {
        const to = target[e]!;
        if (--this.#unplaced[to]! === 0) this.#admit(to);
      }
      for (
        let event = this.horizon.next(this.#state);
        event !== NONE;
        event = this.horizon.next(this.#state)
      )
        this.#ready.push(event);
    }
    return placed === nodes ? order : undefined;
  }

  /** The next node that need not wait, or the first of those that wait when all do. */
  #take(): number {
    while (this.#ready.size > 0) {
      const node = this.#ready.pop();
      if (this.#state[node] === PLACED) continue;
      const key = node < this.#events.firstVirtual ? this.#obstacle(node) : NONE;
      if (key === NONE) return node;
      this.#wait(node, key);
      this.#giveWay(node, key);
    }
    return (
      this.#force(this.#hesitating, HESITATING) ??
      this.#force(this.#waiting, WAITING) ??
      this.horizon.force()
    );
  }

  #force(heap: EventHeap, state: number): number | undefined {
    while (heap.size > 0) {
      const node = heap.pop();
      if (this.#state[node] !== state) continue;
      this.#leave(node);
      return node;
    }
    return undefined;
  }

  #admit(node: number): void {
    if (!this.horizon.holds(node)) this.#ready.push(node);
  }

  /** The open key for which an event should wait, or NONE. */
  #obstacle(event: number): number {
    const { split, form } = this.#events;
    const t = split === 2 ? event >> 1 : event;
    const isSnapshot = split === 2 && (event & 1) === 0;
    const { writes, keyOf } = this.#versions;
    this.#patience = WAITING;
    if (isSnapshot && form === "snapshot") {
      for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
        const key = keyOf[writes.items[i]!]!;
        if (this.#active[key] !== NONE && this.#active[key] !== t) return key;
      }
    }
    if (isSnapshot) this.#patience = HESITATING;
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
      const key = keyOf[writes.items[i]!]!;
      const version = this.#current[key]!;
      if (version === NONE || this.#pending[version] === 0) continue;
      if (this.#pending[version] === 1 && this.#pendingSum[version] === t) continue;
      return key;
    }
    return NONE;
  }

  #place(node: number): void {
    this.#state[node] = PLACED;
    const { split, firstVirtual } = this.#events;
    if (node >= firstVirtual) return;
    const t = split === 2 ? node >> 1 : node;
    const isSnapshot = split === 1 || (node & 1) === 0;
    const isCommit = split === 1 || (node & 1) === 1;
    const { reads, writes, keyOf } = this.#versions;
    if (isSnapshot) {
      for (let i = reads.start[t]!; i < reads.start[t + 1]!; i++) {
        const version = reads.items[i]!;
        this.#pending[version]! -= 1;
        this.#pendingSum[version]! -= t;
        const key = keyOf[version]!;
        if (this.#current[key] === version) this.#wake(key);
      }
    }
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
      const version = writes.items[i]!;
      const key = keyOf[version]!;
      if (isSnapshot && split === 2) this.#active[key] = t;
      if (!isCommit) continue;
      this.#current[key] = version;
      if (this.#active[key] === t) this.#active[key] = NONE;
      this.#wake(key);
    }
  }

  /**
   * One who waits for a key that is free may try again; the reader for whom alone all wait, too.
   */
  #wake(key: number): void {
    const version = this.#current[key]!;
    const pending = version === NONE ? 0 : this.#pending[version]!;
    const { split } = this.#events;
    if (pending === 1) {
      const first = this.#pendingSum[version]! * split;
      for (let event = first; event < first + split; event++) this.#retryIf(event, key);
    }
    if (this.#active[key] !== NONE) this.#retryIf(this.#active[key]! * split + split - 1, key);
    else if (pending === 0 && this.#head[key] !== NONE) this.#retry(this.#head[key]!);
  }

  #retryIf(event: number, key: number): void {
    if (this.#waitsFor[event] === key) this.#retry(event);
  }

  /** Who waits for one key must not keep others from those that are free. */
  #giveWay(event: number, key: number): void {
    const { writes, keyOf } = this.#versions;
    const t = this.#events.split === 2 ? event >> 1 : event;
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) {
      const other = keyOf[writes.items[i]!]!;
      if (other !== key) this.#wake(other);
    }
  }

  #retry(event: number): void {
    this.#leave(event);
    this.#ready.push(event);
  }

  #wait(event: number, key: number): void {
    this.#state[event] = this.#patience;
    this.#waitsFor[event] = key;
    const last = this.#tail[key]!;
    this.#previous[event] = last;
    this.#next[event] = NONE;
    if (last === NONE) this.#head[key] = event;
    else this.#next[last] = event;
    this.#tail[key] = event;
    (this.#patience === WAITING ? this.#waiting : this.#hesitating).push(event);
  }

  #leave(event: number): void {
    const key = this.#waitsFor[event]!;
    assert(key !== NONE, "who leaves has waited");
    const next = this.#next[event]!;
    const previous = this.#previous[event]!;
    if (previous === NONE) this.#head[key] = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#tail[key] = previous;
    else this.#previous[next] = previous;
    this.#waitsFor[event] = NONE;
    this.#state[event] = 0;
  }
}
