/**
 * Is there a view of a session: a total order of all writes and its own reads, in which each read
 * returns the latest write of its key before it? Exact, for each choice of `ViewRules`.
 *
 * The own reads (without monotonic reads: their runs between own writes) cut a view into layers: what
 * has to be before read i is in layer 2i at the latest, read i itself in 2i + 1. Each write has the
 * earliest layer that is forced upon it; a prefix of every chain of writes is forced before a read. The one rule:
 * a write that is forced before a read of its key is before that read's source, hence in the source's layer
 * or an earlier one. When nothing moves any more, and the order within each layer has no cycle,
 * then the layers one after the other, each in any order that it allows, are a view: each source is after
 * all writes of its key in the layers up to its read. That proves that no further rule is needed
 * (saturation of PRAM views is Wei et al., arXiv 1302.5161, read by read). Without monotonic reads a run
 * of reads stands after the writes forced before it, and a read of a later write right after that one.
 * Without either read rule nothing is forced before a read but its source, and no view is missing
 * as long as nothing is before itself.
 *
 * For each read O(sessions which write its key) steps a round, few rounds; memory O(accesses).
 */

import { type Accesses, INITIAL, isRead, isWrite, kinds } from "../accesses.js";
import type { Agreement } from "./agreement.js";
import { NONE } from "./graph.js";
import type { Outline } from "./outline.js";
import type { ViewRules } from "./rules.js";

const NEVER = 0x7fffffff;

export class View {
  /** Work done, over all views. */
  steps = 0;
  readonly #accesses: Accesses;
  readonly #outline: Outline;
  readonly #rules: ViewRules;
  readonly #agreement: Agreement | undefined;
  readonly #chain: Int32Array;
  /** Node a is the write of access a; node size + a is its read. */
  readonly #layer: Int32Array;
  readonly #touched: Int32Array;
  #touchedCount = 0;
  #first = 0;
  #end = 0;
  #round = 0;
  #isBroken = false;
  readonly #pending: number[] = [];

  /** Keys that the session reads, and whether their sources are to be looked at again. */
  #ownKeys: number[] = [];
  readonly #keyRound: Int32Array;
  readonly #isDirty: Uint8Array;
  readonly #dirty: number[] = [];
  /** Per own key the last layer before a read of the initial value, NONE without one. */
  readonly #initialUntil: Int32Array;
  /** Sources of own reads, key by key, with the last layer before a read of them. */
  readonly #sourceHead: Int32Array;
  readonly #nextSource: Int32Array;
  readonly #sourceRound: Int32Array;
  readonly #until: Int32Array;

  readonly #colour: Int32Array;
  readonly #derivedHead: Int32Array;
  #derivedNext: number[] = [];
  #derivedFrom: number[] = [];

  constructor(accesses: Accesses, outline: Outline, rules: ViewRules, agreement?: Agreement) {
    const { size, keys } = accesses;
    this.#accesses = accesses;
    this.#outline = outline;
    this.#rules = rules;
    this.#agreement = agreement;
    this.#chain = rules.chains === "session" ? outline.previousWrite : outline.previousOfKey;
    this.#layer = new Int32Array(2 * size).fill(NEVER);
    this.#touched = new Int32Array(2 * size);
    this.#keyRound = new Int32Array(keys);
    this.#isDirty = new Uint8Array(keys);
    this.#initialUntil = new Int32Array(keys);
    this.#sourceHead = new Int32Array(keys);
    this.#nextSource = new Int32Array(size);
    this.#sourceRound = new Int32Array(size);
    this.#until = new Int32Array(size);
    this.#colour = new Int32Array(2 * size);
    this.#derivedHead = new Int32Array(size).fill(NONE);
  }

  /** Whether the session has a view. No read may be from thin air or from the session's own future. */
  exists(session: number): boolean {
    this.#begin(session);
    this.#readSources();
    this.#force();
    while (!this.#isBroken && this.#dirty.length > 0) this.#saturate(this.#dirty.pop()!);
    return !this.#isBroken && !this.#hasCycle();
  }

  /**
   * After `exists`: orders of two writes of a key that the last view needs, of each session's writes
   * the last; `read` is the access because of which.
   */
  derived(found: (before: number, after: number, read: number) => void): void {
    const { source, key } = this.#accesses;
    for (let a = this.#first; a < this.#end; a++) {
      if (!this.#isRead(a) || source[a]! < 0) continue;
      const write = source[a]!;
      this.#lastInRuns(key[a]!, this.#anchor(a), (other) => {
        if (other !== write) found(other, write, a);
      });
    }
  }

  /** As `derived`, without what follows from the source that the session read before. */
  derivedAnew(found: (before: number, after: number, read: number) => void): void {
    const { source, key, keys } = this.#accesses;
    const lastSource = new Int32Array(keys).fill(NONE);
    const settledUntil = new Int32Array(keys).fill(NONE);
    for (let a = this.#first; a < this.#end; a++) {
      if (!this.#isRead(a) || source[a]! < 0) continue;
      const write = source[a]!;
      const x = key[a]!;
      this.#lastInRuns(x, this.#anchor(a), (other) => {
        const isNew = this.#layer[other]! > settledUntil[x]! || other === lastSource[x];
        if (other !== write && isNew) found(other, write, a);
      });
      lastSource[x] = write;
      settledUntil[x] = this.#anchor(a);
    }
  }

  /** After `exists`: writes of its key that are before an own write, because they are before an own read. */
  beforeOwnWrites(found: (before: number, after: number, read: number) => void): void {
    for (let a = this.#first; a < this.#end; a++) {
      const read = this.#outline.lastRead[a]!;
      if (!isWrite(this.#accesses.kind[a]!) || read === NONE) continue;
      this.#lastInRuns(this.#accesses.key[a]!, this.#anchor(read), (other) => {
        if (other !== a) found(other, a, read);
      });
    }
  }

  #isRead(access: number): boolean {
    return isRead(this.#accesses.kind[access]!);
  }

  #isOwn(access: number): boolean {
    return access >= this.#first && access < this.#end;
  }

  /** The last layer before an own read. */
  #anchor(read: number): number {
    return 2 * (this.#rules.monotonicReads ? this.#outline.ordinal : this.#outline.block)[read]!;
  }

  #begin(session: number): void {
    for (let i = 0; i < this.#touchedCount; i++) this.#layer[this.#touched[i]!] = NEVER;
    this.#touchedCount = 0;
    this.#first = this.#accesses.starts[session]!;
    this.#end = this.#accesses.starts[session + 1]!;
    this.#round++;
    this.#isBroken = false;
    this.#dirty.length = 0;
    this.#ownKeys = [];
  }

  #readSources(): void {
    const { source, key } = this.#accesses;
    for (let a = this.#first; a < this.#end; a++) {
      if (!this.#isRead(a)) continue;
      const x = key[a]!;
      if (this.#keyRound[x] !== this.#round) {
        this.#keyRound[x] = this.#round;
        this.#isDirty[x] = 1;
        this.#dirty.push(x);
        this.#ownKeys.push(x);
        this.#initialUntil[x] = NONE;
        this.#sourceHead[x] = NONE;
      }
      const until = this.#anchor(a);
      const write = source[a]!;
      if (write === INITIAL) {
        this.#initialUntil[x] = until;
        continue;
      }
      if (this.#sourceRound[write] !== this.#round) {
        this.#sourceRound[write] = this.#round;
        this.#nextSource[write] = this.#sourceHead[x]!;
        this.#sourceHead[x] = write;
      }
      this.#until[write] = until;
    }
  }

  /** What is before own reads at once: their sources and the own writes. */
  #force(): void {
    const { source, kind, size } = this.#accesses;
    const { monotonicReads, readYourWrites, atomicUpdates } = this.#rules;
    for (let a = this.#first; a < this.#end; a++) {
      if (!this.#isRead(a) || !monotonicReads) continue;
      this.#put(size + a, this.#anchor(a) + 1);
      if (atomicUpdates && kind[a] === kinds.update) this.#put(a, this.#anchor(a) + 1);
    }
    let write = this.#first;
    for (let a = this.#first; a < this.#end && !this.#isBroken; a++) {
      if (!this.#isRead(a)) continue;
      if (monotonicReads && source[a]! >= 0) this.#lower(source[a]!, this.#anchor(a));
      if (atomicUpdates && kind[a] === kinds.update) this.#lowerAgreed(a, this.#anchor(a));
      if (!readYourWrites) continue;
      for (; write < a; write++) {
        if (isWrite(kind[write]!)) this.#lower(write, this.#anchor(a));
      }
    }
  }

  #put(node: number, layer: number): void {
    if (this.#layer[node] === NEVER) this.#touched[this.#touchedCount++] = node;
    this.#layer[node] = layer;
  }

  /** Moves a write, and what is before it, into this layer or an earlier one. */
  #lower(write: number, layer: number): void {
    const { size, source, key } = this.#accesses;
    const layers = this.#layer;
    const pending = this.#pending;
    pending.push(write);
    while (pending.length > 0) {
      let node = pending.pop()!;
      while (node !== NONE && layers[node]! > layer) {
        this.steps++;
        const access = node < size ? node : node - size;
        const isOwn = this.#isOwn(access);
        if (isOwn && this.#floor(node) > layer) {
          this.#isBroken = true;
          pending.length = 0;
          return;
        }
        this.#put(node, layer);
        if (node >= size) {
          if (source[access]! >= 0) pending.push(source[access]!);
          const read = this.#outline.previousRead[access]!;
          node = read === NONE ? NONE : size + read;
          continue;
        }
        const x = key[node]!;
        if (this.#keyRound[x] === this.#round && this.#isDirty[x] === 0) {
          this.#isDirty[x] = 1;
          this.#dirty.push(x);
        }
        const read = this.#outline.lastRead[node]!;
        if (read !== NONE && (isOwn || this.#rules.writesFollowReads)) pending.push(size + read);
        if (this.#agreement !== undefined) this.#pushAgreed(node);
        node = this.#chain[node]!;
      }
    }
  }

  #lowerAgreed(write: number, layer: number): void {
    const agreement = this.#agreement;
    if (agreement === undefined) return;
    for (let e = agreement.first(write); e !== NONE && !this.#isBroken; e = agreement.next(e))
      this.#lower(agreement.before(e), layer);
  }

  #pushAgreed(write: number): void {
    const agreement = this.#agreement!;
    for (let e = agreement.first(write); e !== NONE; e = agreement.next(e))
      this.#pending.push(agreement.before(e));
  }

  /** The earliest layer that an own node can be in. */
  #floor(node: number): number {
    const { size, kind } = this.#accesses;
    if (node >= size) return this.#anchor(node - size) + 1;
    const isFixed = this.#rules.atomicUpdates && kind[node] === kinds.update;
    return isFixed ? this.#anchor(node) + 1 : 0;
  }

  #saturate(key: number): void {
    this.#isDirty[key] = 0;
    const { runStarts, runFrom, keyWrites } = this.#outline;
    const layers = this.#layer;
    const initialUntil = this.#initialUntil[key]!;
    for (let run = runStarts[key]!; run < runStarts[key + 1]!; run++) {
      if (layers[keyWrites[runFrom[run]!]!]! <= initialUntil) {
        this.#isBroken = true;
        return;
      }
    }
    for (let write = this.#sourceHead[key]!; write !== NONE; write = this.#nextSource[write]!) {
      const until = this.#until[write]!;
      if (layers[write]! > until) continue;
      // An own update stands between two layers.
      const layer = layers[write]! & ~1;
      for (let run = runStarts[key]!; run < runStarts[key + 1]!; run++) {
        this.steps++;
        if (layers[keyWrites[runFrom[run]!]!]! > until) continue;
        const other = this.#lastUntil(run, until);
        if (other === write || layers[other]! <= layer) continue;
        this.#lower(other, layer);
        if (this.#isBroken) return;
      }
    }
  }

  /** The last write of a run in a layer up to this one; its first one is. */
  #lastUntil(run: number, until: number): number {
    const { runFrom, keyWrites } = this.#outline;
    let low = runFrom[run]!;
    let high = runFrom[run + 1]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#layer[keyWrites[middle]!]! <= until) low = middle;
      else high = middle - 1;
    }
    return keyWrites[low]!;
  }

  #lastInRuns(key: number, until: number, found: (write: number) => void): void {
    const { runStarts, runFrom, keyWrites } = this.#outline;
    for (let run = runStarts[key]!; run < runStarts[key + 1]!; run++) {
      this.steps++;
      if (this.#layer[keyWrites[runFrom[run]!]!]! <= until) found(this.#lastUntil(run, until));
    }
  }

  /** Layers are in order; a cycle can only be within one, through a derived edge. */
  #hasCycle(): boolean {
    for (const write of this.#derivedTargets) this.#derivedHead[write] = NONE;
    this.#derivedTargets.length = 0;
    this.#derivedFrom = [];
    this.#derivedNext = [];
    for (const key of this.#ownKeys) this.#deriveWithinLayers(key);
    for (const write of this.#derivedTargets) if (this.#reachesItself(write)) return true;
    return false;
  }

  readonly #derivedTargets: number[] = [];

  #deriveWithinLayers(key: number): void {
    const { runStarts, runFrom, keyWrites } = this.#outline;
    for (let write = this.#sourceHead[key]!; write !== NONE; write = this.#nextSource[write]!) {
      const until = this.#until[write]!;
      const layer = this.#layer[write]!;
      if (layer > until) continue;
      for (let run = runStarts[key]!; run < runStarts[key + 1]!; run++) {
        if (this.#layer[keyWrites[runFrom[run]!]!]! > layer) continue;
        const other = this.#lastUntil(run, until);
        if (other === write || this.#layer[other] !== layer) continue;
        if (this.#derivedHead[write] === NONE) this.#derivedTargets.push(write);
        this.#derivedNext.push(this.#derivedHead[write]!);
        this.#derivedHead[write] = this.#derivedFrom.length;
        this.#derivedFrom.push(other);
      }
    }
  }

  /** Depth-first against the order; a node is open while its predecessors are visited. */
  #reachesItself(start: number): boolean {
    const open = 2 * this.#round;
    const layer = this.#layer[start]!;
    const pending = this.#pending;
    pending.length = 0;
    pending.push(start);
    let meetsOpen = false;
    const visit = (node: number): void => {
      if (node === NONE || this.#layer[node] !== layer) return;
      if (this.#colour[node] === open) meetsOpen = true;
      else if (this.#colour[node] !== open + 1) pending.push(node);
    };
    while (pending.length > 0) {
      const node = pending.pop()!;
      if (node < 0) {
        this.#colour[~node] = open + 1;
        continue;
      }
      if (this.#colour[node]! >= open) continue;
      this.steps++;
      this.#colour[node] = open;
      pending.push(~node);
      this.#eachBefore(node, visit);
      if (meetsOpen) return true;
    }
    return false;
  }

  #eachBefore(node: number, visit: (node: number) => void): void {
    const { size, source } = this.#accesses;
    if (node >= size) {
      const read = this.#outline.previousRead[node - size]!;
      if (read !== NONE) visit(size + read);
      if (source[node - size]! >= 0) visit(source[node - size]!);
      return;
    }
    visit(this.#chain[node]!);
    const read = this.#outline.lastRead[node]!;
    if (read !== NONE && (this.#isOwn(node) || this.#rules.writesFollowReads)) visit(size + read);
    for (let e = this.#derivedHead[node]!; e !== NONE; e = this.#derivedNext[e]!)
      visit(this.#derivedFrom[e]!);
    const agreement = this.#agreement;
    if (agreement === undefined) return;
    for (let e = agreement.first(node); e !== NONE; e = agreement.next(e))
      visit(agreement.before(e));
  }
}
