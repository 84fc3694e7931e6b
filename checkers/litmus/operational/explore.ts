/**
 * Every final state of a machine with store buffers: breadth-first over its states, each visited
 * once, and then what was read on the way to each.
 *
 * Steps that nobody else can notice, now or later, are taken at once instead of being interleaved
 * (singleton persistent sets: Godefroid, LNCS 1032, 1996): appending to one's own buffer, moves
 * between registers, fences on empty buffers, reads of what no other thread will still write, writes
 * that no other thread will still read or overwrite, and writes that nobody will look at at all. A
 * read that the own buffer serves is not among them while others may write: after the store has left,
 * it may see theirs.
 * Values that nobody will look at any more are cleared, so that states which differ only in them are
 * one.
 *
 * What a load returned into a register that is only shown in the end decides nothing. Such readings
 * are no part of states: each step between states carries what was read in it, as a number, and the
 * sets of such sums are handed on from state to state once all states are known. Final states are then
 * told apart by what is shown, and by nothing else.
 *
 * Time and memory: the number of states, which is exponential in the number of threads, and the
 * readings in each.
 */

import { type FinalState, LITMUS_STEPS_MAX, type LitmusTest, type Outcomes } from "../program.js";
import { get, set } from "./layout.js";
import {
  type Buffering,
  bitOf,
  type Machine,
  machineOf,
  type Shown,
  type Source,
  type Step,
  type Thread,
} from "./machine.js";
import { Readings } from "./readings.js";
import { StateSet } from "./state-set.js";

export function explore(
  test: LitmusTest,
  buffering: Buffering,
  statesMax = LITMUS_STEPS_MAX,
): Outcomes {
  const machine = machineOf(test, buffering);
  const { threads } = machine;
  const run = new Run(machine);
  const seen = new StateSet(machine.words);
  seen.add(run.state);
  const readings = new Readings(run.readings);
  const from = new Int32Array(machine.words);
  for (let i = 0; i < seen.size; i++) {
    if (seen.size > statesMax) return tooMany(statesMax);
    seen.read(i, from);
    run.startFrom(from);
    readings.state(progress(machine, from));
    for (let thread = 0; thread < threads.length; thread++) {
      // The thread's next instruction, then what may leave its buffers.
      const choices = threads[thread]!.queues.length;
      for (let choice = -1; choice < choices; choice++) {
        if (run.take(thread, choice)) readings.step(seen.add(run.state), run.readings);
      }
    }
  }
  const states: FinalState[] = [];
  const complete = readings.handOn(statesMax, (state, sums) => {
    seen.read(state, from);
    for (const sum of sums) {
      states.push(machine.observed.map((shown) => valueShown(shown, from, sum)));
    }
  });
  return complete ? { states } : tooMany(statesMax);
}

function tooMany(statesMax: number): Outcomes {
  return { unknown: `more than ${statesMax} states of the machine` };
}

/** How many instructions were executed and stores let go: every step adds to it. */
function progress({ threads }: Machine, state: Int32Array): number {
  let steps = 0;
  for (const { counter, queues } of threads) {
    steps += get(state, counter);
    for (const { left } of queues) steps += get(state, left);
  }
  return steps;
}

function valueShown(shown: Shown, state: Int32Array, sum: number): number {
  if (!("scale" in shown)) return get(state, shown);
  return ((sum - (sum % shown.scale)) / shown.scale) % shown.count;
}

/** The machine at work on one state. Steps answer whether they could be taken. */
class Run {
  readonly state: Int32Array;
  /** What the last step, and all that was settled after it, read and only wrote down. */
  readings = 0;
  /** Per thread the locations that it will still read, and still write: from a buffer, or later. */
  readonly #reads: Int32Array;
  readonly #writes: Int32Array;
  /** The same three of the state from which steps are taken. */
  readonly #origin: Int32Array;
  readonly #originReads: Int32Array;
  readonly #originWrites: Int32Array;

  /** At the start, settled. */
  constructor(readonly machine: Machine) {
    const { start, threads } = machine;
    this.state = start.slice();
    this.#reads = new Int32Array(threads.length);
    this.#writes = new Int32Array(threads.length);
    this.#origin = start.slice();
    this.#originReads = new Int32Array(threads.length);
    this.#originWrites = new Int32Array(threads.length);
    for (let i = 0; i < threads.length; i++) this.#lookAhead(i);
    this.#settleAll();
    this.#forget();
  }

  /** @param from a settled state. */
  startFrom(from: Int32Array): void {
    copy(from, this.#origin);
    copy(from, this.state);
    for (let i = 0; i < this.#reads.length; i++) this.#lookAhead(i);
    copy(this.#reads, this.#originReads);
    copy(this.#writes, this.#originWrites);
  }

  /** From the last start a thread's next instruction (-1), or what one of its queues lets go; then settles. */
  take(index: number, choice: number): boolean {
    copy(this.#origin, this.state);
    this.readings = 0;
    const thread = this.machine.threads[index]!;
    const taken = choice < 0 ? this.#execute(thread) : this.#drain(thread, choice);
    if (!taken) return false;
    copy(this.#originReads, this.#reads);
    copy(this.#originWrites, this.#writes);
    do this.#lookAhead(index);
    while (this.#quietStep(index));
    // The others had no step that nobody notices, and depend on this thread by nothing else.
    const same =
      this.#reads[index] === this.#originReads[index] &&
      this.#writes[index] === this.#originWrites[index];
    if (!same) this.#settleAll();
    this.#forget();
    return true;
  }

  /** Takes all steps that nobody can notice. */
  #settleAll(): void {
    const { length } = this.machine.threads;
    for (let moved = true; moved; ) {
      moved = false;
      for (let i = 0; i < length; i++) {
        while (this.#quietStep(i)) {
          moved = true;
          this.#lookAhead(i);
        }
      }
    }
  }

  /** The next instruction of a thread. */
  #execute(thread: Thread): boolean {
    const { state } = this;
    const at = get(state, thread.counter);
    const step = thread.steps[at];
    if (step === undefined) return false;
    switch (step.op) {
      case "move":
        set(state, step.register, this.#value(step.value));
        break;
      case "load":
        if (step.scale > 0) this.readings += step.scale * this.#loaded(thread, step);
        else set(state, step.register, this.#loaded(thread, step));
        break;
      case "store":
        if (step.queue < 0) set(state, step.memory, this.#value(step.value));
        else if (step.held !== undefined) set(state, step.held, this.#value(step.value));
        break;
      default:
        if (!this.#drained(thread, at)) return false;
        this.#locked(step);
    }
    set(state, thread.counter, at + 1);
    for (const register of thread.dead[at + 1]!) set(state, register, 0);
    return true;
  }

  /** Lets the oldest store of a queue reach memory. */
  #drain(thread: Thread, index: number): boolean {
    const { state } = this;
    const { left, stores, issued } = thread.queues[index]!;
    const position = get(state, left);
    if (position === issued[get(state, thread.counter)]) return false;
    const store = stores[position]!;
    set(state, store.memory, this.#stored(store));
    if (store.held !== undefined) set(state, store.held, 0);
    set(state, left, position + 1);
    return true;
  }

  #lookAhead(index: number): void {
    const { state } = this;
    const { counter, reads, writes, queues } = this.machine.threads[index]!;
    const at = get(state, counter);
    let written = writes[at]!;
    for (let i = 0; i < queues.length; i++) {
      const { left, ahead } = queues[i]!;
      written |= ahead[get(state, left)]!;
    }
    this.#reads[index] = reads[at]!;
    this.#writes[index] = written;
  }

  #quietStep(index: number): boolean {
    const { state } = this;
    const thread = this.machine.threads[index]!;
    const at = get(state, thread.counter);
    const othersRead = othersOf(this.#reads, index);
    const othersWrite = othersOf(this.#writes, index);
    const step = thread.steps[at];
    if (step !== undefined) {
      let noticed = 0;
      if (step.op === "load") noticed = othersWrite & step.bit;
      else if (step.location >= 0 && step.queue < 0) {
        noticed = this.#noticedWrite(step, index, othersRead, othersWrite);
      }
      if (noticed === 0 && this.#execute(thread)) return true;
    }
    const { queues } = thread;
    for (let i = 0; i < queues.length; i++) {
      const { left, stores, issued } = queues[i]!;
      const position = get(state, left);
      if (position === issued[at]) continue;
      const noticed = this.#noticedWrite(stores[position]!, index, othersRead, othersWrite);
      if (noticed === 0) return this.#drain(thread, i);
    }
    return false;
  }

  /** Which others may notice when a step writes to memory, as a set that is empty for nobody. */
  #noticedWrite(
    { op, location, bit }: Step,
    index: number,
    othersRead: number,
    othersWrite: number,
  ): number {
    const pointless =
      op === "store" &&
      !this.machine.shown[location] &&
      ((othersRead | this.#reads[index]!) & bit) === 0;
    return pointless ? 0 : (othersRead | othersWrite) & bit;
  }

  /** Clears what nobody will read and final states do not show. */
  #forget(): void {
    const { memory, shown } = this.machine;
    let read = 0;
    for (let i = 0; i < this.#reads.length; i++) read |= this.#reads[i]!;
    for (let location = 0; location < memory.length; location++) {
      if (!shown[location] && (read & bitOf(location)) === 0) {
        set(this.state, memory[location]!, 0);
      }
    }
  }

  /** Fences and locked instructions wait for empty buffers. */
  #drained({ queues }: Thread, at: number): boolean {
    for (const { left, issued } of queues) if (get(this.state, left) !== issued[at]) return false;
    return true;
  }

  #locked({ op, memory, register, expected, value }: Step): void {
    const { state } = this;
    if (op === "fence") return;
    const old = get(state, memory);
    if (op === "exchange") set(state, memory, get(state, register));
    else if (old === this.#value(expected)) set(state, memory, this.#value(value));
    set(state, register, old);
  }

  #loaded({ queues }: Thread, { forwarded, memory }: Step): number {
    const { state } = this;
    if (forwarded === undefined) return get(state, memory);
    const { left } = queues[forwarded.queue]!;
    return get(state, left) <= forwarded.position ? this.#stored(forwarded) : get(state, memory);
  }

  #stored({ held, value }: Step): number {
    return held === undefined ? value.constant : get(this.state, held);
  }

  #value({ field, constant }: Source): number {
    return field === undefined ? constant : get(this.state, field);
  }
}

/** The union of all sets but one. */
function othersOf(sets: Int32Array, index: number): number {
  let union = 0;
  for (let i = 0; i < sets.length; i++) if (i !== index) union |= sets[i]!;
  return union;
}

/** Typed arrays of a few elements: quicker than their own `set`. */
function copy(from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i]!;
}
