/**
 * A candidate execution under construction: which write each read took its value from, which of two
 * writes to a location comes first in coherence, and what follows from both.
 *
 * Every decision is closed under consequences at once: a pair of writes of which one direction would
 * break an order of the model is decided the other way, to a fixpoint (the saturation of TSOtool:
 * S. Hangal et al., ISCA 2004). `false` from a decision means that no execution agrees with it; the
 * candidate is then of no further use. When every read has its source and every pair is decided, the
 * candidate is an execution of the model.
 *
 * Values follow reads-from. Whether a compare-and-set wrote is known once the value it read is, and a
 * write that may not have taken place has no value before that: values that could only justify one
 * another stay unknown, and such a candidate is no execution (no value comes out of thin air). Models
 * that do not order program order and reads-from together need this; in the others it cannot happen.
 */

import type { Axioms } from "./axioms.js";
import type { Events, MemoryEvent, Term } from "./events.js";
import { Order, Pairs, wordsOf } from "./order.js";

const UNKNOWN = -1;
const NONE = -1;

/** Whether a write takes place: of compare-and-sets that is found out. */
const taking = { unknown: 0, place: 1, none: 2 } as const;

export class Candidate {
  readonly #events: Events;
  readonly #axioms: Axioms;
  /** All that follows, in one piece. */
  readonly #state: Int32Array;
  readonly #orders: readonly Order[];
  /** Pairs of writes to one location that are decided. */
  readonly #coherence: Pairs;
  /** Per read its write. */
  readonly #source: Int32Array;
  /** Per read what it returned, per write what it wrote. */
  readonly #value: Int32Array;
  readonly #taking: Int32Array;
  #fork: Candidate | undefined;

  private constructor(events: Events, axioms: Axioms) {
    this.#events = events;
    this.#axioms = axioms;
    const size = events.all.length;
    const relations = axioms.orders.length + 1;
    this.#state = new Int32Array(relations * wordsOf(size) + 3 * size);
    let used = 0;
    const part = (length: number): Int32Array => this.#state.subarray(used, (used += length));
    this.#orders = axioms.orders.map(() => new Order(size, part(wordsOf(size))));
    this.#coherence = new Pairs(size, part(wordsOf(size)));
    this.#source = part(size);
    this.#value = part(size);
    this.#taking = part(size);
  }

  /** Nothing is decided but program order, and that initial writes come first. */
  static start(events: Events, axioms: Axioms): Candidate {
    const candidate = new Candidate(events, axioms);
    candidate.#source.fill(NONE);
    candidate.#value.fill(UNKNOWN);
    candidate.#orderPrograms();
    events.all.forEach((event, i) => {
      if (event.value !== undefined && !event.conditional) candidate.#taking[i] = taking.place;
    });
    return candidate;
  }

  /** A copy to go on with. It is the same object each time: the last fork is gone. O(events^2 / 32). */
  fork(): Candidate {
    this.#fork ??= new Candidate(this.#events, this.#axioms);
    this.#fork.#state.set(this.#state);
    return this.#fork;
  }

  /** Draws the first consequences, before anything was decided. */
  settle(): boolean {
    return this.#resolve() && this.#saturate();
  }

  /** Whether `write` is worth trying as the source of `read`: a cheap test that errs towards yes. */
  mayRead(read: number, write: number): boolean {
    if (this.#taking[write] === taking.none) return false;
    return this.#axioms.orders.every(
      (axiom, k) => !this.#readsFromIn(axiom, read, write) || !this.#orders[k]!.has(read, write),
    );
  }

  /** Lets `read` take its value from `write`. */
  read(read: number, write: number): boolean {
    if (this.#taking[write] === taking.unknown) this.#taking[write] = taking.place;
    this.#source[read] = write;
    for (let k = 0; k < this.#orders.length; k++) {
      const axiom = this.#axioms.orders[k]!;
      if (this.#readsFromIn(axiom, read, write) && !this.#orders[k]!.add(write, read)) return false;
      if (axiom.fromReads !== "ordered") continue;
      for (const later of this.#events.writesTo[this.#locationOf(read)]!) {
        if (this.#precedes(write, later) && !this.#orders[k]!.add(read, later)) return false;
      }
    }
    return this.#resolve() && this.#saturate();
  }

  /** Puts `first` before `second` in coherence. */
  overwrite(first: number, second: number): boolean {
    return this.#decide(first, second) && this.#saturate();
  }

  /** Puts `write` after all other writes to its location. */
  putLast(write: number): boolean {
    for (const other of this.#events.writesTo[this.#locationOf(write)]!) {
      if (other === write || this.#taking[other] !== taking.place) continue;
      if (this.#precedes(write, other)) return false;
      if (!this.#precedes(other, write) && !this.#decide(other, write)) return false;
    }
    return this.#saturate();
  }

  /** A pair of writes that may still stand either way. */
  undecided(): readonly [number, number] | undefined {
    for (const writes of this.#events.writesTo) {
      for (const [i, first] of writes.entries()) {
        if (this.#taking[first] !== taking.place) continue;
        for (const second of writes.slice(i + 1)) {
          if (this.#taking[second] === taking.place && !this.#ordered(first, second)) {
            return [first, second];
          }
        }
      }
    }
    return undefined;
  }

  /** Whether the values of these reads came from somewhere. */
  knows(reads: readonly number[]): boolean {
    return reads.every((read) => this.#value[read] !== UNKNOWN);
  }

  takesPlace(write: number): boolean {
    return this.#taking[write] === taking.place;
  }

  valueOf(term: Term): number {
    return term.kind === "constant" ? term.value : this.#value[term.event]!;
  }

  valueWritten(write: number): number {
    return this.#value[write]!;
  }

  #orderPrograms(): void {
    const { all } = this.#events;
    all.forEach((second, j) => {
      for (let i = j - 1; i >= 0 && all[i]!.thread === second.thread && second.thread >= 0; i--) {
        const halves = all[i]!.instruction === second.instruction;
        this.#axioms.orders.forEach((axiom, k) => {
          if (halves ? axiom.halves : axiom.keeps(all[i]!, second)) this.#orders[k]!.add(i, j);
        });
      }
    });
  }

  #locationOf(event: number): number {
    return this.#events.all[event]!.location;
  }

  #readsFromIn(axiom: Axioms["orders"][number], read: number, write: number): boolean {
    const internal = this.#events.all[read]!.thread === this.#events.all[write]!.thread;
    return internal ? axiom.readsFrom.internal : axiom.readsFrom.external;
  }

  #precedes(first: number, second: number): boolean {
    return this.#coherence.has(first, second);
  }

  #ordered(first: number, second: number): boolean {
    return this.#precedes(first, second) || this.#precedes(second, first);
  }

  #decide(first: number, second: number): boolean {
    this.#coherence.put(first, second);
    for (let k = 0; k < this.#orders.length; k++) {
      const axiom = this.#axioms.orders[k]!;
      const order = this.#orders[k]!;
      if (axiom.coherence && !order.add(first, second)) return false;
      if (axiom.fromReads !== "ordered") continue;
      for (const read of this.#events.readsOf[this.#locationOf(first)]!) {
        if (this.#source[read] === first && !order.add(read, second)) return false;
      }
    }
    return true;
  }

  /** Whether no order speaks against `first` before `second`. */
  #mayPrecede(first: number, second: number): boolean {
    if (this.#events.all[second]!.kind === "initial") return false;
    for (let k = 0; k < this.#orders.length; k++) {
      const axiom = this.#axioms.orders[k]!;
      const order = this.#orders[k]!;
      if (axiom.coherence && order.has(second, first)) return false;
      if (axiom.fromReads === "free") continue;
      for (const read of this.#events.readsOf[this.#locationOf(first)]!) {
        if (this.#source[read] === first && order.has(second, read)) return false;
      }
    }
    return true;
  }

  /** Propagates values, and with them which compare-and-sets wrote, to a fixpoint. */
  #resolve(): boolean {
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = 0; i < this.#events.all.length; i++) {
        if (this.#value[i] !== UNKNOWN) continue;
        const event = this.#events.all[i]!;
        const value = this.#valueNow(i, event);
        if (value === UNKNOWN) continue;
        if (event.expected !== undefined) {
          const expected = this.valueOf(event.expected);
          if (expected === UNKNOWN) continue;
          const outcome = value === expected ? taking.place : taking.none;
          const supposed = this.#taking[event.partner!];
          if (supposed !== taking.unknown && supposed !== outcome) return false;
          this.#taking[event.partner!] = outcome;
        }
        this.#value[i] = value;
        changed = true;
      }
    }
    return true;
  }

  #valueNow(i: number, event: MemoryEvent): number {
    if (event.kind === "read") {
      const source = this.#source[i]!;
      return source === NONE ? UNKNOWN : this.#value[source]!;
    }
    if (event.value === undefined) return UNKNOWN;
    if (event.conditional && this.#value[event.partner!] === UNKNOWN) return UNKNOWN;
    return this.valueOf(event.value);
  }

  /** Decides what can only stand one way, until nothing more follows. */
  #saturate(): boolean {
    for (let changed = true; changed; ) {
      changed = false;
      for (const writes of this.#events.writesTo) {
        for (let i = 0; i < writes.length; i++) {
          const first = writes[i]!;
          if (this.#taking[first] !== taking.place) continue;
          for (let j = i + 1; j < writes.length; j++) {
            const second = writes[j]!;
            if (this.#taking[second] !== taking.place || this.#ordered(first, second)) continue;
            const forth = this.#mayPrecede(first, second);
            const back = this.#mayPrecede(second, first);
            if (forth && back) continue;
            if (!(forth || back)) return false;
            if (!(forth ? this.#decide(first, second) : this.#decide(second, first))) return false;
            changed = true;
          }
        }
      }
      const atomic = this.#saturateAtomicity();
      if (atomic === undefined) return false;
      changed ||= atomic;
    }
    return this.#nothingStale();
  }

  /** Every other write stands on the same side of both halves; undefined where that fails. */
  #saturateAtomicity(): boolean | undefined {
    if (!this.#axioms.atomicity) return false;
    let changed = false;
    for (const read of this.#events.lockedReads) {
      const write = this.#events.all[read]!.partner!;
      const source = this.#source[read]!;
      if (source === NONE || this.#taking[write] !== taking.place) continue;
      for (const other of this.#events.writesTo[this.#locationOf(read)]!) {
        if (other === write || other === source || this.#taking[other] !== taking.place) continue;
        const known = this.#ordered(source, other);
        if (known === this.#ordered(write, other)) {
          if (known && this.#precedes(source, other) !== this.#precedes(write, other))
            return undefined;
          continue;
        }
        const before = known ? this.#precedes(source, other) : this.#precedes(write, other);
        const half = known ? write : source;
        if (!(before ? this.#decide(half, other) : this.#decide(other, half))) return undefined;
        changed = true;
      }
    }
    return changed;
  }

  /** Whether no read has a write in its past that overwrites its source. */
  #nothingStale(): boolean {
    for (let k = 0; k < this.#orders.length; k++) {
      if (this.#axioms.orders[k]!.fromReads !== "not-against") continue;
      for (const read of this.#events.reads) {
        const source = this.#source[read]!;
        if (source === NONE) continue;
        for (const write of this.#events.writesTo[this.#locationOf(read)]!) {
          if (this.#precedes(source, write) && this.#orders[k]!.has(write, read)) return false;
        }
      }
    }
    return true;
  }
}
