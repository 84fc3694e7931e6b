/**
 * What every completion of a problem's edges has in common: a clock per node (by chain the number of
 * its accesses that precede the node), and the edges that follow from them.
 *
 *   A write before a read of another write of its key is before that write, too.
 *   A write before another write of its key has its readers before that write, too.
 *
 * At first in rounds over the whole graph in topological order; afterwards edge by edge, such that what
 * an edge changed can be undone. After TSOtool (Hangal et al. 2004) and Roy et al. 2006; sound, not
 * complete. A round is O((edges + nodes) * chains + nodes * sessions * log), and few are needed.
 *
 * The rules look at one key at a time: at chains of loads and of the key's writes. Where clocks of all
 * chains would take too much memory (pso has a chain per session and key), a round therefore goes through
 * the keys in parts; but then edges cannot be added one by one.
 */

import { INITIAL, isRead, isWrite } from "../accesses.js";
import { relations } from "./edges.js";
import type { Problem } from "./problem.js";

/** Entries of all clocks together, of 4 bytes each. */
const ENTRIES_MAX = 1 << 28;

/** Keys whose chains have clock entries at the same time. */
interface Part {
  /** The first key, and the one behind the last. */
  start: number;
  end: number;
  /** Of chains that belong to one key: the first, and the one behind the last. */
  chainStart: number;
  chainEnd: number;
}

export class Closure {
  /** The node at which a cycle was found last. */
  conflict = -1;
  /** Nodes looked at while edges were added one by one. */
  steps = 0;
  readonly #problem: Problem;
  readonly #parts: Part[];
  #part: Part;
  /** Chains that have an entry always. */
  readonly #shared: number;
  readonly #width: number;
  readonly #clocks: Int32Array;
  readonly #order: Int32Array;
  /** Derived edges not added yet: from, to, relation, reason. */
  #pending: number[] = [];
  /** Of a round: those whose ends were not both reached when they were derived. */
  #deferred: number[] = [];
  readonly #queue: Int32Array;
  readonly #queued: Uint8Array;
  #queueStart = 0;
  #queueLength = 0;
  /** Places in `#clocks` overwritten since `mark`, and what stood there. */
  #places = new Int32Array(1024);
  #values = new Int32Array(1024);
  #changes = 0;
  #markedEdges = 0;

  /** `entriesMax`: entries of all clocks together; more only where a single key needs them. */
  constructor(problem: Problem, entriesMax = ENTRIES_MAX) {
    this.#problem = problem;
    const { machine, accesses, chains, nodes } = problem;
    this.#shared = machine === "pso" ? accesses.sessions : chains.count;
    this.#parts = partsOf(problem, this.#shared, Math.floor(entriesMax / nodes) - this.#shared);
    this.#part = this.#parts[0]!;
    const widths = this.#parts.map(({ chainStart, chainEnd }) => chainEnd - chainStart);
    this.#width = this.#shared + Math.max(...widths);
    this.#clocks = new Int32Array(problem.nodes * this.#width);
    this.#order = new Int32Array(problem.nodes);
    this.#queue = new Int32Array(problem.nodes);
    this.#queued = new Uint8Array(problem.nodes);
  }

  /** Whether a closure finds room, at least in parts. */
  static fits({ nodes, machine, accesses, chains }: Problem): boolean {
    const shared = machine === "pso" ? 2 * accesses.sessions : chains.count;
    return nodes * shared <= ENTRIES_MAX;
  }

  /** Whether all clocks are there at once, so that edges can be added one by one. */
  get isWhole(): boolean {
    return this.#parts.length === 1;
  }

  /** Whether access `a` is `b` or precedes it. */
  reaches(a: number, b: number): boolean {
    const { chain, place } = this.#problem.chains;
    return this.#clocks[b * this.#width + this.#column(chain[a]!)]! > place[a]!;
  }

  /** Adds all edges that follow; false where there is a cycle. */
  saturate(): boolean {
    const { edges } = this.#problem;
    for (;;) {
      const before = edges.count;
      if (!this.#round(true)) return false;
      if (edges.count === before) return true;
    }
  }

  /** Takes back all edges but the oldest `count`, which were closed under the rules. */
  rewind(count: number): void {
    this.#problem.edges.truncate(count);
    this.#round(false);
    this.steps += this.#problem.nodes;
  }

  /** From here on `undo` takes back. */
  mark(): void {
    this.#changes = 0;
    this.#markedEdges = this.#problem.edges.count;
  }

  undo(): void {
    while (this.#changes > 0) {
      this.#changes--;
      this.#clocks[this.#places[this.#changes]!] = this.#values[this.#changes]!;
    }
    this.#problem.edges.truncate(this.#markedEdges);
    this.#pending = [];
    while (this.#queueLength > 0) this.#dequeue();
  }

  /** Orders one write before another, with all that follows; false where there is a cycle. */
  add(from: number, to: number): boolean {
    this.#pending.push(from, to, relations.overwrites, -1);
    const { edges } = this.#problem;
    for (;;) {
      if (this.#pending.length > 0) {
        if (!this.#addPending()) return false;
      } else if (this.#queueLength > 0) {
        const node = this.#dequeue();
        for (let edge = edges.headOut[node]!; edge >= 0; edge = edges.nextOut[edge]!) {
          if (!this.#join(node, edges.to[edge]!)) return false;
        }
      } else return true;
    }
  }

  #addPending(): boolean {
    const { edges, accesses } = this.#problem;
    const pending = this.#pending;
    const reason = pending.pop()!;
    const relation = pending.pop()!;
    const to = pending.pop()!;
    const from = pending.pop()!;
    const cyclic = to < accesses.size && this.reaches(to, from);
    if (!cyclic && this.reaches(from, to)) return true;
    edges.add(from, to, relation, reason);
    if (cyclic) this.conflict = to;
    return !cyclic && this.#join(from, to);
  }

  /** Brings the clock of `to` up to that of its predecessor `from`; all chains have their own places. */
  #join(from: number, to: number): boolean {
    this.steps++;
    const { accesses, chains, groupStarts, groupChain } = this.#problem;
    const width = this.#width;
    const clocks = this.#clocks;
    const source = from * width;
    const target = to * width;
    if (to < accesses.size && accesses.key[to]! >= 0) {
      const key = accesses.key[to]!;
      for (let group = groupStarts[key]!; group < groupStarts[key + 1]!; group++) {
        const chain = groupChain[group]!;
        const limit = clocks[source + chain]!;
        const known = clocks[target + chain]!;
        const write = limit > known ? this.#lastBefore(group, limit) : -1;
        if (write >= 0 && chains.place[write]! >= known) this.#derive(to, write);
      }
    }
    let changed = false;
    for (let chain = 0; chain < width; chain++) {
      const value = clocks[source + chain]!;
      const old = clocks[target + chain]!;
      if (value <= old) continue;
      changed = true;
      if (this.#changes === this.#places.length) this.#growTrail();
      this.#places[this.#changes] = target + chain;
      this.#values[this.#changes++] = old;
      clocks[target + chain] = value;
    }
    if (!changed) return true;
    if (to < accesses.size && clocks[target + chains.chain[to]!]! > chains.place[to]! + 1) {
      this.conflict = to;
      return false;
    }
    this.#enqueue(to);
    return true;
  }

  /** The edges that follow from a write of its key being before `node`. */
  #derive(node: number, write: number): void {
    const { accesses, readerStarts, readers } = this.#problem;
    if (write === node) return;
    const kind = accesses.kind[node]!;
    const source = accesses.source[node]!;
    if (isRead(kind) && source !== INITIAL && source !== write && !this.reaches(write, source)) {
      this.#pending.push(write, source, relations.overwrites, node);
    }
    if (!isWrite(kind)) return;
    for (let i = readerStarts[write]!; i < readerStarts[write + 1]!; i++) {
      const reader = readers[i]!;
      if (reader !== node && !this.reaches(reader, node)) {
        this.#pending.push(reader, node, relations.replaced, write);
      }
    }
  }

  /** The last write of the group whose place in its chain is below `limit`; -1 without one. */
  #lastBefore(group: number, limit: number): number {
    const { writeStarts, groupWrites, chains } = this.#problem;
    const start = writeStarts[group]!;
    let low = start;
    let high = writeStarts[group + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (chains.place[groupWrites[middle]!]! < limit) low = middle + 1;
      else high = middle;
    }
    return low === start ? -1 : groupWrites[low - 1]!;
  }

  /** All clocks anew, and with `derive` the edges that follow from them; false where there is a cycle. */
  #round(derive: boolean): boolean {
    const { edges, nodes } = this.#problem;
    if (edges.sort(this.#order) < nodes) return false;
    for (const part of this.#parts) {
      this.#part = part;
      this.#roundOf(part, derive);
    }
    return true;
  }

  #roundOf({ start, end }: Part, derive: boolean): void {
    const { accesses, chains, edges, nodes, groupStarts, groupChain } = this.#problem;
    const clocks = this.#clocks;
    const order = this.#order;
    const done = new Uint8Array(nodes);
    const latest = new Int32Array(chains.count);
    clocks.fill(0);
    for (let i = 0; i < nodes; i++) {
      const node = order[i]!;
      const row = node * this.#width;
      for (let edge = edges.headIn[node]!; edge >= 0; edge = edges.nextIn[edge]!) {
        this.#copyUp(edges.from[edge]!, node);
      }
      done[node] = 1;
      if (node >= accesses.size) continue;
      const own = chains.chain[node]!;
      const key = accesses.key[node]!;
      const inside = key >= start && key < end;
      if (inside || own < this.#shared) {
        clocks[row + this.#column(own)] = chains.place[node]! + 1;
      }
      if (!derive || !inside) continue;
      // A late write of the key stands for those before it: what they imply is implied at it.
      let late = -1;
      const groupStart = groupStarts[key]!;
      for (let group = groupStart; group < groupStarts[key + 1]!; group++) {
        const chain = groupChain[group]!;
        const limit = chain === own ? chains.place[node]! : clocks[row + this.#column(chain)]!;
        const write = limit > 0 ? this.#lastBefore(group, limit) : -1;
        latest[group - groupStart] = write;
        if (write >= 0 && (late === -1 || this.reaches(late, write))) late = write;
      }
      if (late === -1) continue;
      for (let i = 0; i < groupStarts[key + 1]! - groupStart; i++) {
        const write = latest[i]!;
        if (write >= 0 && (write === late || !this.reaches(write, late))) this.#derive(node, write);
      }
      this.#settlePending(done);
    }
    // A read answered by a buffer may precede its source, whose clock is known only now.
    this.#pending = this.#deferred;
    this.#deferred = [];
    this.#settlePending(done);
  }

  /** Where a clock has its entry for a chain: shared by all keys, or of a key of the present part. */
  #column(chain: number): number {
    return chain < this.#shared ? chain : chain - this.#part.chainStart + this.#shared;
  }

  /** What a round derived at a node; what comes from behind is felt at once, all else in the next. */
  #settlePending(done: Uint8Array): void {
    const pending = this.#pending;
    for (let i = 0; i < pending.length; i += 4) {
      const from = pending[i]!;
      const to = pending[i + 1]!;
      if (done[to] === 0) {
        this.#deferred.push(from, to, pending[i + 2]!, pending[i + 3]!);
        continue;
      }
      if (this.reaches(from, to)) continue;
      this.#problem.edges.add(from, to, pending[i + 2]!, pending[i + 3]!);
      if (done[from] === 1 && done[to] === 1) this.#copyUp(from, to);
    }
    pending.length = 0;
  }

  #copyUp(from: number, to: number): void {
    const clocks = this.#clocks;
    const width = this.#width;
    const target = to * width;
    const source = from * width;
    for (let chain = 0; chain < width; chain++) {
      const value = clocks[source + chain]!;
      if (value > clocks[target + chain]!) clocks[target + chain] = value;
    }
  }

  #enqueue(node: number): void {
    if (this.#queued[node] === 1) return;
    this.#queued[node] = 1;
    const at = this.#queueStart + this.#queueLength++;
    this.#queue[at < this.#queue.length ? at : at - this.#queue.length] = node;
  }

  #dequeue(): number {
    const node = this.#queue[this.#queueStart]!;
    this.#queueStart = this.#queueStart + 1 === this.#queue.length ? 0 : this.#queueStart + 1;
    this.#queueLength--;
    this.#queued[node] = 0;
    return node;
  }

  #growTrail(): void {
    this.#places = doubled(this.#places);
    this.#values = doubled(this.#values);
  }
}

/** Cuts the keys into parts with at most `chainsMax` chains of their own, or a single key. */
function partsOf(
  { accesses, groupStarts, groupChain, chains }: Problem,
  shared: number,
  chainsMax: number,
): Part[] {
  const parts: Part[] = [];
  let part: Part = { start: 0, end: 0, chainStart: shared, chainEnd: shared };
  for (let key = 0; key < accesses.keys; key++) {
    let chainEnd = part.chainEnd;
    for (let group = groupStarts[key]!; group < groupStarts[key + 1]!; group++) {
      chainEnd = Math.max(chainEnd, groupChain[group]! + 1);
    }
    if (shared < chains.count && part.end > part.start && chainEnd - part.chainStart > chainsMax) {
      parts.push(part);
      part = { start: key, end: key, chainStart: part.chainEnd, chainEnd: part.chainEnd };
    }
    part.end = key + 1;
    part.chainEnd = chainEnd;
  }
  return [...parts, part];
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
