/**
 * Shortest cycles of a class, by breadth-first search from one transaction after another through the
 * states of the class's automaton, to a depth that grows from round to round. Ties go to the cycle
 * whose transactions, in ascending order, come first.
 *
 * A cycle that edges close is looked for from its smallest transaction, over greater ones only, or
 * (`anchored`) from the transaction that its one rw edge leaves. One that real time closes begins
 * with the transaction that came too late. The rounds cost transactions x what lies within the
 * depth. When the budget of steps is used up the search falls back to few starts without a limit of
 * depth: a cycle is found then, too, only not certainly the shortest.
 */

import { edgeKinds } from "../dependencies.js";
import { type Automaton, KIND_BITS, REJECT } from "./automaton.js";
import { NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Steps } from "./steps.js";
import { compareWalks, type Link } from "./walk.js";

/** Of more states than this the shortest walk is taken as it was found, not the earliest one. */
const TRACED_MAX = 4096;
/** From how many transactions of a cycle a shorter one is looked for, after the budget. */
const RETRIES_MAX = 8;

export interface Target {
  automaton: Automaton;
  order: "data" | "process";
  /** What closes the cycle. */
  closing: "edge" | "realtime";
  anchored: boolean;
  /** By state: only states of the same number as the start's lie on cycles through it. */
  group?: Int32Array;
}

export class CycleSearch {
  readonly #shift: number;
  readonly #seen: Int32Array;
  readonly #depth: Int32Array;
  readonly #parent: Int32Array;
  readonly #queue: Int32Array;
  readonly #forward: Int32Array;
  #round = 0;
  #trace = 0;
  #tail = 0;
  /** Where the layers of the last search begin in the queue. */
  #layers: number[] = [];

  /** Of the search that goes on: its first transaction, what it may not go below, what closes it. */
  #source = 0;
  #floor = 0;
  #closed = 0;
  #inside = NONE;
  #closer = NONE;
  /** Whether a search ended at its limit with more to see. */
  #isCut = false;

  constructor(
    private readonly residue: Residue,
    private readonly target: Target,
    private readonly steps: Steps,
  ) {
    this.#shift = target.automaton.shift;
    const states = residue.nodes << this.#shift;
    this.#seen = new Int32Array(states);
    this.#depth = new Int32Array(states);
    this.#parent = new Int32Array(states);
    this.#queue = new Int32Array(states);
    this.#forward = new Int32Array(states);
  }

  /**
   * The shortest cycle from one of these, ascending. `certain` is one of which it is known that there
   * is a cycle: it is tried when the budget is over.
   */
  shortest(starts: Int32Array, certain: number): Link[] | undefined {
    let best: Link[] | undefined;
    let limit = 2;
    do {
      this.#isCut = false;
      for (const s of starts) {
        if (this.steps.isOver) return best ?? this.#fallback(certain);
        best = this.#better(s, this.target.anchored ? 0 : s, limit, best);
      }
      limit = limit < 8 ? limit + 1 : limit + (limit >> 1);
    } while (best === undefined && this.#isCut);
    return best;
  }

  #better(s: number, floor: number, limit: number, best: Link[] | undefined): Link[] | undefined {
    let found = best;
    this.#variants().forEach((_, variant) => {
      const isTieOpen = this.target.anchored || found === undefined || found[0]!.from === s;
      const length = found === undefined ? limit : found.length - (isTieOpen ? 0 : 1);
      if (!this.#explore(s, variant, floor, length)) return;
      const walk = this.#walk();
      if (found === undefined || compareWalks(walk, found) < 0) found = walk;
    });
    return found;
  }

  #variants(): Automaton["starts"] {
    const { automaton, closing } = this.target;
    return closing === "edge" ? automaton.starts : automaton.starts.slice(0, 1);
  }

  #fallback(certain: number): Link[] | undefined {
    if (certain === NONE) return undefined;
    const everything = this.residue.nodes << this.#shift;
    let best = this.#better(certain, 0, everything, undefined);
    if (best === undefined || this.target.anchored) return best;
    const tried = new Set([certain]);
    for (let i = 0; i < best.length && tried.size < RETRIES_MAX; i++) {
      const s = best[i]!.from;
      if (tried.has(s)) continue;
      tried.add(s);
      const shorter = this.#better(s, 0, best.length - 1, undefined);
      if (shorter === undefined) continue;
      best = shorter;
      i = -1;
    }
    return best;
  }

  /** Whether a cycle of at most `limit` transactions goes through s; its layers are kept. */
  #explore(s: number, variant: number, floor: number, limit: number): boolean {
    const { automaton, closing, group } = this.target;
    const { state, closed } = automaton.starts[variant]!;
    const first = (s << this.#shift) | state;
    if (group !== undefined && group[first] === NONE) return false;
    this.#inside = group === undefined ? NONE : group[first]!;
    this.#source = s;
    this.#floor = floor;
    this.#closed = closing === "edge" ? closed : automaton.accepted;
    this.#closer = NONE;
    this.#round++;
    this.#seen[first] = this.#round;
    this.#depth[first] = 0;
    this.#queue[0] = first;
    this.#tail = 1;
    this.#layers = [0];
    const lengthAtFirst = closing === "edge" ? 1 : 2;
    for (let depth = 0, head = 0; depth + lengthAtFirst <= limit; depth++) {
      const end = this.#tail;
      this.#layers.push(end);
      for (; head < end; head++) this.#expand(this.#queue[head]!, depth + 1);
      if (this.#closer !== NONE) {
        if (closing === "realtime") this.#layers.push(this.#tail);
        return true;
      }
      if (this.#tail === end) return false;
    }
    this.#isCut = true;
    return false;
  }

  #expand(x: number, depth: number): void {
    const { size, start, target, kind, next } = this.residue;
    const { step } = this.target.automaton;
    const shift = this.#shift;
    const node = x >> shift;
    const row = (x & ((1 << shift) - 1)) << KIND_BITS;
    const end = start[node + 1]!;
    this.steps.spent += 1 + end - start[node]!;
    for (let e = start[node]!; e < end; e++) {
      const state = step[row | kind[e]!]!;
      if (state === REJECT) continue;
      const y = target[e]!;
      if (y < size) {
        this.#visit(x, y, state, depth);
        continue;
      }
      const virtual = (y << shift) | state;
      if (this.#seen[virtual] === this.#round) continue;
      this.#seen[virtual] = this.#round;
      this.#depth[virtual] = depth;
      const last = start[y + 1]!;
      this.steps.spent += last - start[y]!;
      for (let v = start[y]!; v < last; v++) this.#visit(x, target[v]!, state, depth);
    }
    if (this.target.order === "data" || next[node] === NONE) return;
    this.#visit(x, next[node]!, step[row | edgeKinds.process]!, depth);
  }

  #visit(x: number, node: number, state: number, depth: number): void {
    if (node === this.#source) {
      if (this.target.closing === "edge" && (this.#closed >> state) & 1 && depth > 1)
        if (this.#closer === NONE) this.#closer = x;
      return;
    }
    const y = (node << this.#shift) | state;
    if (node < this.#floor || this.#seen[y] === this.#round) return;
    if (this.#inside !== NONE && this.target.group![y] !== this.#inside) return;
    this.#seen[y] = this.#round;
    this.#depth[y] = depth;
    this.#parent[y] = x;
    this.#queue[this.#tail++] = y;
    if (this.target.closing === "realtime" && this.#closer === NONE && this.#isLate(y))
      this.#closer = y;
  }

  /** Whether real time leads from here back to the source. */
  #isLate(y: number): boolean {
    const { begin, end } = this.residue;
    const state = y & ((1 << this.#shift) - 1);
    return ((this.#closed >> state) & 1) === 1 && end[y >> this.#shift]! <= begin[this.#source]!;
  }

  #walk(): Link[] {
    const states = this.#tail <= TRACED_MAX ? this.#earliest() : this.#parents();
    const links: Link[] = [];
    for (let i = 0; i + 1 < states.length; i++) {
      const to = states[i + 1]!;
      const state = to & ((1 << this.#shift) - 1);
      links.push(this.#link(states[i]!, to >> this.#shift, 1 << state)!);
    }
    const last = states[states.length - 1]!;
    if (this.target.closing === "edge") links.push(this.#link(last, this.#source, this.#closed)!);
    else
      links.push({
        from: last >> this.#shift,
        to: this.#source,
        kind: edgeKinds.realtime,
        edge: NONE,
        via: NONE,
      });
    return links;
  }

  #parents(): number[] {
    const states: number[] = [];
    const first = this.#queue[0]!;
    for (let x = this.#closer; x !== first; x = this.#parent[x]!) states.push(x);
    states.push(first);
    return states.reverse();
  }

  /**
   * Among the shortest walks the one whose transactions come first: one after another the smallest
   * transaction is kept that still lies on one, and at its depth no other.
   */
  #earliest(): number[] {
    const layers = this.#layers.length - 1;
    const successors = this.#successorsInLayers(layers);
    const closers = new Set<number>();
    for (let i = this.#layers[layers - 1]!; i < this.#layers[layers]!; i++)
      if (this.#closes(this.#queue[i]!)) closers.add(this.#queue[i]!);
    const kept = new Int32Array(layers).fill(NONE);
    kept[0] = this.#source;
    for (;;) {
      this.#narrow(layers, kept, successors, closers);
      let smallest = this.residue.size;
      let at = NONE;
      for (let layer = 1; layer < layers; layer++) {
        if (kept[layer] !== NONE) continue;
        this.#eachLive(layer, (x) => {
          if (x >> this.#shift >= smallest) return;
          smallest = x >> this.#shift;
          at = layer;
        });
      }
      if (at === NONE) break;
      kept[at] = smallest;
    }
    const states = [this.#queue[0]!];
    for (let layer = 1; layer < layers; layer++) {
      const before = successors.get(states[layer - 1]!)!;
      states.push(before.find((y) => this.#forward[y] === this.#trace)!);
    }
    return states;
  }

  #eachLive(layer: number, visit: (x: number) => void): void {
    for (let i = this.#layers[layer]!; i < this.#layers[layer + 1]!; i++)
      if (this.#forward[this.#queue[i]!] === this.#trace) visit(this.#queue[i]!);
  }

  /** Marks in `forward` what lies on a shortest walk through the transactions kept. */
  #narrow(
    layers: number,
    kept: Int32Array,
    successors: Map<number, number[]>,
    closers: Set<number>,
  ): void {
    const isKept = (x: number, layer: number): boolean =>
      kept[layer] === NONE || kept[layer] === x >> this.#shift;
    const alive = new Set<number>();
    for (let layer = layers - 1; layer >= 0; layer--) {
      for (let i = this.#layers[layer]!; i < this.#layers[layer + 1]!; i++) {
        const x = this.#queue[i]!;
        if (!isKept(x, layer)) continue;
        const isAlive =
          layer === layers - 1 ? closers.has(x) : successors.get(x)!.some((y) => alive.has(y));
        if (isAlive) alive.add(x);
      }
    }
    this.#trace++;
    this.#forward[this.#queue[0]!] = this.#trace;
    for (let layer = 0; layer < layers - 1; layer++)
      this.#eachLive(layer, (x) => {
        for (const y of successors.get(x)!) if (alive.has(y)) this.#forward[y] = this.#trace;
      });
  }

  #closes(x: number): boolean {
    if (this.target.closing === "realtime") return this.#isLate(x);
    return this.#link(x, this.#source, this.#closed) !== undefined;
  }

  /** By state of all layers but the last: the states of the next layer that it leads to. */
  #successorsInLayers(layers: number): Map<number, number[]> {
    const { size, start, target, kind, next } = this.residue;
    const { step } = this.target.automaton;
    const shift = this.#shift;
    const successors = new Map<number, number[]>();
    for (let layer = 0; layer < layers - 1; layer++) {
      for (let i = this.#layers[layer]!; i < this.#layers[layer + 1]!; i++) {
        const x = this.#queue[i]!;
        const node = x >> shift;
        const row = (x & ((1 << shift) - 1)) << KIND_BITS;
        const found: number[] = [];
        const add = (y: number): void => {
          if (this.#seen[y] === this.#round && this.#depth[y] === layer + 1) found.push(y);
        };
        for (let e = start[node]!; e < start[node + 1]!; e++) {
          const state = step[row | kind[e]!]!;
          if (state === REJECT) continue;
          const y = target[e]!;
          if (y < size) add((y << shift) | state);
          else if (this.#depth[(y << shift) | state] === layer + 1)
            for (let v = start[y]!; v < start[y + 1]!; v++) add((target[v]! << shift) | state);
        }
        if (this.target.order === "process" && next[node] !== NONE)
          add((next[node]! << shift) | step[row | edgeKinds.process]!);
        successors.set(x, found);
      }
    }
    return successors;
  }

  /** The edge from a state to a transaction, in one of a set of states: data first. */
  #link(x: number, to: number, states: number): Link | undefined {
    const { size, start, target, kind, next } = this.residue;
    const { step } = this.target.automaton;
    const from = x >> this.#shift;
    const row = (x & ((1 << this.#shift) - 1)) << KIND_BITS;
    const isWanted = (kindOf: number): boolean => {
      const state = step[row | kindOf]!;
      return state !== REJECT && ((states >> state) & 1) === 1;
    };
    let best: Link | undefined;
    for (let e = start[from]!; e < start[from + 1]!; e++) {
      if (!isWanted(kind[e]!) || (best !== undefined && best.kind <= kind[e]!)) continue;
      const y = target[e]!;
      if (y === to) best = { from, to, kind: kind[e]!, edge: e, via: NONE };
      if (y < size) continue;
      for (let v = start[y]!; v < start[y + 1]!; v++) {
        if (target[v] !== to) continue;
        best = { from, to, kind: kind[e]!, edge: e, via: v };
        break;
      }
    }
    if (best !== undefined || this.target.order === "data" || next[from] !== to) return best;
    if (!isWanted(edgeKinds.process)) return undefined;
    return { from, to, kind: edgeKinds.process, edge: NONE, via: NONE };
  }
}
