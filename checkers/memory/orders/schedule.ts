/**
 * Runs the machine greedily along the edges: reads as soon as they may, writes when all readers of what
 * they replace are done, in the order of hints (by completion time of what they precede). A run that
 * gets through is a complete order, and so a proof that the model holds; one that gets stuck proves nothing.
 *
 * Stuck, it looks for whom waits for whom: a cycle of edges and of writes that were run before others.
 * The one whose hints tell least is taken back together with all that came after it, and the other way
 * round becomes an edge. That is a guess unless it was the only choice in the cycle, so edges added here
 * have to be taken back after a failure. O((nodes + edges) * log) plus what is run again, at most `retries`.
 */

import { INITIAL, isRead, isWrite } from "../accesses.js";
import { Candidates } from "./candidates.js";
import { relations } from "./edges.js";
import type { Problem } from "./problem.js";

export class Schedule {
  /** Nodes in the order in which they ran. */
  readonly order: Int32Array;
  #count = 0;
  readonly #problem: Problem;
  readonly #hints: Int32Array;
  /** Edges from nodes that did not run yet. */
  readonly #blocked: Int32Array;
  readonly #ran: Uint8Array;
  /** By access, and behind them by key for the initial value: readers that did not run yet. */
  readonly #readers: Int32Array;
  /** By key: what its memory holds. */
  readonly #current: Int32Array;
  /** By write that ran: what it replaced. */
  readonly #replaced: Int32Array;
  /** By key: writes without blocking edges, perhaps some that are no longer. */
  readonly #waiting: number[][];
  readonly #isWaiting: Uint8Array;
  readonly #ready: number[] = [];
  readonly #candidates = new Candidates();

  constructor(problem: Problem, hints: Int32Array) {
    const { accesses, nodes } = problem;
    this.#problem = problem;
    this.#hints = hints;
    this.order = new Int32Array(nodes);
    this.#blocked = new Int32Array(nodes);
    this.#ran = new Uint8Array(nodes);
    this.#readers = new Int32Array(nodes);
    this.#current = new Int32Array(accesses.keys).fill(INITIAL);
    this.#replaced = new Int32Array(accesses.size);
    this.#waiting = Array.from({ length: accesses.keys }, () => []);
    this.#isWaiting = new Uint8Array(accesses.size);
    for (let access = 0; access < accesses.size; access++) {
      if (isRead(accesses.kind[access]!)) this.#readers[this.#sourceOf(access)]!++;
    }
    const { edges } = problem;
    for (let edge = 0; edge < edges.count; edge++) this.#blocked[edges.to[edge]!]!++;
    for (let node = 0; node < nodes; node++) if (this.#blocked[node] === 0) this.#release(node);
  }

  /** True where every access found its place. Re-runs at most `retries` nodes after wrong turns. */
  complete(retries: number): boolean {
    let left = retries;
    for (;;) {
      this.#advance();
      if (this.#count === this.#problem.nodes) return true;
      const before = this.#count;
      if (!this.#repair()) return false;
      left -= before - this.#count;
      if (left < 0) return false;
    }
  }

  /** Goes through whatever happens, running writes before readers of what they replace where stuck. */
  force(): void {
    for (;;) {
      this.#advance();
      if (this.#count === this.#problem.nodes) return;
      let best = -1;
      for (const waiting of this.#waiting) {
        for (const write of waiting) {
          if (!this.#isReady(write)) continue;
          if (best === -1 || this.#hints[write]! < this.#hints[best]!) best = write;
        }
      }
      this.#run(best);
    }
  }

  #isReady(node: number): boolean {
    return this.#ran[node] === 0 && this.#blocked[node] === 0;
  }

  /** The access whose readers a read belongs to, or the node that stands for the initial value. */
  #sourceOf(reader: number): number {
    const { accesses } = this.#problem;
    const source = accesses.source[reader]!;
    return source === INITIAL ? accesses.size + accesses.key[reader]! : source;
  }

  #versionOf(key: number): number {
    const current = this.#current[key]!;
    return current === INITIAL ? this.#problem.accesses.size + key : current;
  }

  #advance(): void {
    for (;;) {
      const read = this.#ready.pop();
      if (read !== undefined) {
        if (this.#isReady(read)) this.#run(read);
        continue;
      }
      const key = this.#candidates.pop();
      if (key === undefined) return;
      const write = this.#choose(key);
      if (write === -1) continue;
      this.#run(write);
      this.#propose(key);
    }
  }

  /** The write of this key that may run now and has the lowest hint; -1 without one. */
  #choose(key: number): number {
    const { accesses } = this.#problem;
    const version = this.#versionOf(key);
    const readers = this.#readers[version]!;
    if (readers > 1) return -1;
    const waiting = this.#waiting[key]!;
    let best = -1;
    let kept = 0;
    for (let i = 0; i < waiting.length; i++) {
      const write = waiting[i]!;
      if (!this.#isReady(write)) {
        this.#isWaiting[write] = 0;
        continue;
      }
      waiting[kept++] = write;
      const ownRead = isRead(accesses.kind[write]!) && this.#sourceOf(write) === version;
      if (readers === 1 && !ownRead) continue;
      if (best === -1 || this.#hints[write]! < this.#hints[best]!) best = write;
    }
    waiting.length = kept;
    return best;
  }

  #propose(key: number): void {
    const write = this.#choose(key);
    // A write that nobody reads hides nothing: at once.
    if (write !== -1) {
      this.#candidates.push(this.#readers[write] === 0 ? -1 : this.#hints[write]!, key);
    }
  }

  #release(node: number): void {
    const { accesses } = this.#problem;
    if (node >= accesses.size || !isWrite(accesses.kind[node]!)) {
      this.#ready.push(node);
      return;
    }
    const key = accesses.key[node]!;
    if (this.#isWaiting[node] === 0) {
      this.#isWaiting[node] = 1;
      this.#waiting[key]!.push(node);
    }
    if (this.#readers[this.#versionOf(key)]! <= 1) {
      this.#candidates.push(this.#readers[node] === 0 ? -1 : this.#hints[node]!, key);
    }
  }

  #run(node: number): void {
    const { accesses, edges } = this.#problem;
    this.#ran[node] = 1;
    this.order[this.#count++] = node;
    if (node < accesses.size) {
      const kind = accesses.kind[node]!;
      const key = accesses.key[node]!;
      if (isRead(kind)) {
        const source = this.#sourceOf(node);
        if (--this.#readers[source]! <= 1 && source === this.#versionOf(key)) this.#propose(key);
      }
      if (isWrite(kind)) {
        this.#replaced[node] = this.#current[key]!;
        this.#current[key] = node;
      }
    }
    for (let edge = edges.headOut[node]!; edge >= 0; edge = edges.nextOut[edge]!) {
      const target = edges.to[edge]!;
      if (--this.#blocked[target]! === 0) this.#release(target);
    }
  }

  #undoLast(): number {
    const { accesses, edges } = this.#problem;
    const node = this.order[--this.#count]!;
    for (let edge = edges.headOut[node]!; edge >= 0; edge = edges.nextOut[edge]!) {
      this.#blocked[edges.to[edge]!]!++;
    }
    this.#ran[node] = 0;
    if (node < accesses.size) {
      const kind = accesses.kind[node]!;
      if (isWrite(kind)) this.#current[accesses.key[node]!] = this.#replaced[node]!;
      if (isRead(kind)) this.#readers[this.#sourceOf(node)]!++;
    }
    return node;
  }

  /** Takes back a choice that closes a cycle of waiting, and orders it the other way round. */
  #repair(): boolean {
    const choice = this.#doubtfulChoice();
    if (choice === undefined) return false;
    const { edges } = this.#problem;
    const undone: number[] = [];
    while (this.#ran[choice.early] === 1) undone.push(this.#undoLast());
    edges.add(choice.late, choice.early, relations.overwrites);
    this.#blocked[choice.early]!++;
    for (const node of undone) if (this.#blocked[node] === 0) this.#release(node);
    const { accesses } = this.#problem;
    for (const node of undone) {
      if (node < accesses.size && accesses.key[node]! >= 0) this.#propose(accesses.key[node]!);
    }
    return true;
  }

  /** Follows who waits for whom until it closes; undefined where edges alone close it. */
  #doubtfulChoice(): { early: number; late: number } | undefined {
    const { accesses, edges } = this.#problem;
    let node = -1;
    for (const waiting of this.#waiting) {
      for (const write of waiting) if (node === -1 && this.#isReady(write)) node = write;
    }
    if (node === -1) return undefined;
    const path = new Set<number>();
    while (!path.has(node)) {
      path.add(node);
      node = this.#waitsFor(node);
      if (node === -1) return undefined;
    }
    let least = Number.POSITIVE_INFINITY;
    let choice: { early: number; late: number } | undefined;
    const waiters = [...path];
    for (const late of waiters.slice(waiters.indexOf(node))) {
      if (this.#blocked[late] !== 0) continue;
      const early = this.#current[accesses.key[late]!]!;
      if (early === INITIAL) continue;
      const doubt = this.#hints[late]! - this.#hints[early]!;
      if (doubt < least) {
        choice = { early, late };
        least = doubt;
      }
    }
    if (choice === undefined) return undefined;
    for (let edge = edges.headOut[choice.early]!; edge >= 0; edge = edges.nextOut[edge]!) {
      if (edges.to[edge] === choice.late) return undefined;
    }
    return choice;
  }

  /** A node that has to run before this one; -1 without one. */
  #waitsFor(node: number): number {
    const { accesses, edges, readerStarts, readers } = this.#problem;
    if (this.#blocked[node] !== 0) {
      for (let edge = edges.headIn[node]!; edge >= 0; edge = edges.nextIn[edge]!) {
        if (this.#ran[edges.from[edge]!] === 0) return edges.from[edge]!;
      }
      return -1;
    }
    const current = this.#current[accesses.key[node]!]!;
    if (current === INITIAL) return -1;
    for (let i = readerStarts[current]!; i < readerStarts[current + 1]!; i++) {
      if (this.#ran[readers[i]!] === 0 && readers[i] !== node) return readers[i]!;
    }
    return -1;
  }
}
