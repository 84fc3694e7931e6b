/**
 * Orders of the writes of each key that extend what is agreed upon: a guess, with no proof needed.
 *
 * One copy of every key is run, greedily and by the recorded times: a read takes its step while its
 * source is the value of the key, a write once all reads of the value that it replaces took theirs. Where
 * all sessions are stuck, the earliest step is taken all the same; weaker memories than one copy
 * make that necessary. O(n log n + times stuck · sessions).
 */

import { EventHeap } from "../../transactions/solver/event-heap.js";
import { type Accesses, INITIAL, isRead, isWrite } from "../accesses.js";
import { Agreement } from "./agreement.js";
import { NONE } from "./graph.js";

/** The sessions' writes and the agreement have no cycle. */
export function completion(accesses: Accesses, agreement: Agreement): Agreement {
  return new Copy(accesses, agreement).run();
}

class Copy {
  readonly #accesses: Accesses;
  readonly #agreement: Agreement;
  readonly #orders: Agreement;
  /** Of each session the access that comes next. */
  readonly #next: Int32Array;
  readonly #ready: EventHeap;
  /** By key: accesses that wait for its value to change, or for reads of it. */
  readonly #waiting: number[][];
  /** Of writes: writes before them, by agreement, that have not been taken. */
  readonly #blocked: Int32Array;
  readonly #firstAfter: Int32Array;
  readonly #nextAfter: Int32Array;
  readonly #isTaken: Uint8Array;
  /** By key: the write that its value came from. */
  readonly #value: Int32Array;
  /** Reads to come of each write, and of the initial value of each key. */
  readonly #readers: Int32Array;
  readonly #initialReaders: Int32Array;

  constructor(accesses: Accesses, agreement: Agreement) {
    const { size, keys, starts, sessions } = accesses;
    this.#accesses = accesses;
    this.#agreement = agreement;
    this.#orders = new Agreement(size);
    this.#next = starts.slice(0, sessions);
    this.#ready = new EventHeap(Float64Array.from(accesses.completed));
    this.#waiting = Array.from({ length: keys }, () => []);
    this.#blocked = new Int32Array(size);
    this.#firstAfter = new Int32Array(size).fill(NONE);
    this.#nextAfter = new Int32Array(agreement.count);
    this.#isTaken = new Uint8Array(size);
    this.#value = new Int32Array(keys).fill(NONE);
    this.#readers = new Int32Array(size);
    this.#initialReaders = new Int32Array(keys);
    for (let pair = 0; pair < agreement.count; pair++) {
      const before = agreement.before(pair);
      this.#nextAfter[pair] = this.#firstAfter[before]!;
      this.#firstAfter[before] = pair;
      this.#blocked[agreement.after(pair)]!++;
    }
    for (let a = 0; a < size; a++) if (isRead(accesses.kind[a]!)) this.#countReader(a, 1);
  }

  run(): Agreement {
    for (let session = 0; session < this.#next.length; session++) this.#offer(session);
    for (let access = this.#earliest(); access !== NONE; access = this.#earliest())
      this.#take(access);
    return this.#orders;
  }

  #countReader(read: number, change: number): void {
    const source = this.#accesses.source[read]!;
    if (source === INITIAL) this.#initialReaders[this.#accesses.key[read]!]! += change;
    else this.#readers[source]! += change;
  }

  #offer(session: number): void {
    const access = this.#next[session]!;
    if (access < this.#accesses.starts[session + 1]!) this.#ready.push(access);
  }

  #isNext(access: number): boolean {
    return this.#next[this.#accesses.session[access]!] === access;
  }

  #earliest(): number {
    while (this.#ready.size > 0) {
      const access = this.#ready.pop();
      if (!this.#isNext(access)) continue;
      if (this.#isEnabled(access)) return access;
      // What is blocked by the agreement is offered again when nothing blocks it.
      if (this.#blocked[access] === 0) this.#waiting[this.#accesses.key[access]!]!.push(access);
    }
    return this.#earliestStuck();
  }

  #earliestStuck(): number {
    const { starts, completed } = this.#accesses;
    let earliest = NONE;
    for (let session = 0; session < this.#next.length; session++) {
      const access = this.#next[session]!;
      if (access === starts[session + 1] || this.#blocked[access]! > 0) continue;
      if (earliest === NONE || completed[access]! < completed[earliest]!) earliest = access;
    }
    return earliest;
  }

  #isEnabled(access: number): boolean {
    const { kind, key, source } = this.#accesses;
    if (this.#blocked[access]! > 0) return false;
    const x = key[access]!;
    const reads = isRead(kind[access]!);
    const value = reads || isWrite(kind[access]!) ? this.#value[x]! : NONE;
    // A value that was replaced does not come again.
    const isLate = reads && (source[access] === INITIAL || this.#isTaken[source[access]!] === 1);
    if (reads && value !== source[access] && !isLate) return false;
    if (!isWrite(kind[access]!)) return true;
    const readers = value === NONE ? this.#initialReaders[x]! : this.#readers[value]!;
    return readers === (reads && source[access] === value ? 1 : 0);
  }

  #take(access: number): void {
    const { kind, key, session } = this.#accesses;
    const x = key[access]!;
    this.#isTaken[access] = 1;
    this.#next[session[access]!]!++;
    this.#offer(session[access]!);
    if (isRead(kind[access]!)) this.#countReader(access, -1);
    if (isWrite(kind[access]!)) {
      if (this.#value[x] !== NONE) this.#orders.add(this.#value[x]!, access);
      this.#value[x] = access;
      this.#unblock(access);
    }
    if (x < 0) return;
    for (const waiting of this.#waiting[x]!) this.#ready.push(waiting);
    this.#waiting[x] = [];
  }

  #unblock(write: number): void {
    for (let pair = this.#firstAfter[write]!; pair !== NONE; pair = this.#nextAfter[pair]!) {
      const after = this.#agreement.after(pair);
      if (--this.#blocked[after]! === 0 && this.#isNext(after)) this.#ready.push(after);
    }
  }
}
