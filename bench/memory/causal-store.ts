/**
 * Histories of a replicated store of registers, with a known place in the causal models: replicas take
 * each other's updates in causal order, by anti-entropy; a session stays with its replica.
 *
 * Where the last writer wins by Lamport time the history converges causally; where what arrives last
 * wins it is causal memory, and as a rule does not converge. Reads can be made stale afterwards, which
 * as a rule breaks causal consistency. With updates, a key is written at its home replica only.
 */

import { type Accesses, INITIAL, kinds } from "../../checkers/memory/accesses.js";
import type { Random } from "../../src/random/random.js";
import { Streams } from "../../src/random/streams.js";

export interface Load {
  seed: number;
  sessions: number;
  /** Accesses in all; the sessions share them evenly. */
  accesses: number;
  keys: number;
  replicas: number;
  /** Chance that a replica takes what another has before an access (or transaction). */
  exchangePercent: number;
  readPercent: number;
  wins: "last-writer" | "last-arrival";
  /** Of what is no read: how much is an update. */
  updatesPercent?: number;
  /** Reads that return some earlier write of their key instead. */
  staleReads?: number;
  /** Accesses of a transaction, if there are to be transactions. */
  transaction?: number;
  /** Accesses a client lives for; then a new session takes its place. Sessions must divide evenly. */
  concurrency?: number;
}

interface Replica {
  /** By key: the write that a read returns. */
  readonly current: Int32Array;
  /** Writes in order of arrival, its own ones among them. */
  readonly log: number[];
  /** By replica: how much of its own writes has been taken, and how much of its log. */
  readonly taken: Int32Array;
  readonly logTaken: Int32Array;
  own: number;
  clock: number;
}

export function causalStore(load: Load): Accesses {
  return new Store(load).run();
}

class Store {
  readonly #load: Load;
  readonly #random: Random;
  readonly #replicas: Replica[];
  readonly #accesses: Accesses;
  /** By write: its replica, its number there, its Lamport time. */
  readonly #origin: Int32Array;
  readonly #number: Int32Array;
  readonly #time: Int32Array;
  #completed = 0;

  constructor(load: Load) {
    this.#load = load;
    this.#random = new Streams(load.seed).stream("causal-store");
    this.#replicas = Array.from({ length: load.replicas }, () => ({
      current: new Int32Array(load.keys).fill(INITIAL),
      log: [],
      taken: new Int32Array(load.replicas),
      logTaken: new Int32Array(load.replicas),
      own: 0,
      clock: 0,
    }));
    const each = Math.floor(load.accesses / load.sessions);
    const size = each * load.sessions;
    this.#origin = new Int32Array(size);
    this.#number = new Int32Array(size);
    this.#time = new Int32Array(size);
    const column = (of: (a: number) => number) =>
      Int32Array.from({ length: size }, (_, a) => of(a));
    const transaction = load.transaction;
    this.#accesses = {
      size,
      sessions: load.sessions,
      keys: load.keys,
      starts: Int32Array.from({ length: load.sessions + 1 }, (_, s) => s * each),
      session: column((a) => Math.floor(a / each)),
      kind: new Uint8Array(size),
      key: new Int32Array(size),
      source: new Int32Array(size).fill(INITIAL),
      completed: new Int32Array(size),
      operation: column((a) => a),
      ...(transaction === undefined ? {} : { group: column((a) => Math.floor(a / transaction)) }),
    };
  }

  run(): Accesses {
    const { sessions, replicas, transaction = 1, concurrency = sessions } = this.#load;
    const { starts } = this.#accesses;
    const next = starts.slice(0, sessions);
    const active = Array.from({ length: concurrency }, (_, s) => s);
    let joined = concurrency;
    while (active.length > 0) {
      const i = this.#random.int(active.length);
      const s = active[i]!;
      const replica = s % replicas;
      if (this.#random.chance(this.#load.exchangePercent, 100)) this.#exchange(replica);
      const first = next[s]!;
      const end = Math.min(first + transaction, starts[s + 1]!);
      // One time for a whole transaction, or its writes could win apart.
      this.#replicas[replica]!.clock++;
      for (let a = first; a < end; a++) this.#access(a, replica);
      for (let a = first; a < end; a++) this.#accesses.completed[a] = this.#completed++;
      next[s] = end;
      if (end < starts[s + 1]!) continue;
      if (joined < sessions) active[i] = joined++;
      else active.splice(i, 1);
    }
    for (let i = 0; i < (this.#load.staleReads ?? 0); i++) this.#spoil();
    return this.#accesses;
  }

  #access(a: number, at: number): void {
    const { keys, replicas, readPercent, updatesPercent = 0 } = this.#load;
    const { kind, key, source } = this.#accesses;
    const replica = this.#replicas[at]!;
    const isRead = this.#random.chance(readPercent, 100);
    const isUpdate = !isRead && this.#random.chance(updatesPercent, 100);
    let x = this.#random.int(keys);
    if (!isRead && updatesPercent > 0) x = (x - (x % replicas) + at) % keys;
    kind[a] = isRead ? kinds.read : isUpdate ? kinds.update : kinds.write;
    key[a] = x;
    if (isRead || isUpdate) source[a] = replica.current[x]!;
    if (isRead) return;
    this.#origin[a] = at;
    this.#number[a] = replica.own++;
    this.#time[a] = replica.clock;
    replica.current[x] = a;
    replica.taken[at] = replica.own;
    replica.log.push(a);
  }

  #exchange(at: number): void {
    const { replicas, wins } = this.#load;
    if (replicas === 1) return;
    const replica = this.#replicas[at]!;
    const from = (at + 1 + this.#random.int(replicas - 1)) % replicas;
    const { log } = this.#replicas[from]!;
    for (let i = replica.logTaken[from]!; i < log.length; i++) {
      const write = log[i]!;
      const origin = this.#origin[write]!;
      if (this.#number[write]! < replica.taken[origin]!) continue;
      replica.taken[origin] = this.#number[write]! + 1;
      replica.log.push(write);
      replica.clock = Math.max(replica.clock, this.#time[write]!);
      const x = this.#accesses.key[write]!;
      const current = replica.current[x]!;
      if (wins === "last-arrival" || current === INITIAL || this.#isLater(write, current))
        replica.current[x] = write;
    }
    replica.logTaken[from] = log.length;
  }

  #isLater(a: number, b: number): boolean {
    const later = this.#time[a]! - this.#time[b]!;
    // Of one transaction the writes come in their order.
    return later > 0 || (later === 0 && this.#origin[a]! >= this.#origin[b]!);
  }

  /** Turns some read back to a write of its key that completed earlier. */
  #spoil(): void {
    const { size, kind, key, source, completed } = this.#accesses;
    for (let tries = 0; tries < 1000; tries++) {
      const read = this.#random.int(size);
      const current = source[read]!;
      if (kind[read] !== kinds.read || current < 0) continue;
      const start = this.#random.int(size);
      for (let i = 0; i < size; i++) {
        const a = (start + i) % size;
        if (kind[a] === kinds.read || key[a] !== key[read] || a === current) continue;
        if (completed[a]! > completed[current]!) continue;
        source[read] = a;
        return;
      }
    }
  }
}
