/**
 * Every final state of a machine with store buffers: breadth-first over its states, each visited
 * once.
 *
 * Steps that nobody else can notice, now or later, are taken at once instead of being interleaved
 * (singleton persistent sets: Godefroid, LNCS 1032, 1996): appending to one's own buffer, moves
 * between registers, fences on empty buffers, reads of what no other thread will still write, writes
 * that no other thread will still read or overwrite, and writes that nobody will look at at all. A
 * read that the own buffer serves is not among them while others may write: after the store has left,
 * it may see theirs.
 * Values that nobody will look at any more are cleared, so that states which differ only in them are
 * one; final states are then told apart by what is shown and by nothing else.
 *
 * Time and memory: the number of states, which is exponential in the number of threads.
 */

import { type FinalState, LITMUS_STEPS_MAX, type LitmusTest, type Outcomes } from "../program.js";
import { get, set } from "./layout.js";
import {
  type Buffering,
  type Machine,
  machineOf,
  type Source,
  type Step,
  type Thread,
} from "./machine.js";
import { StateSet } from "./state-set.js";

export function explore(
  test: LitmusTest,
  buffering: Buffering,
  statesMax = LITMUS_STEPS_MAX,
): Outcomes {
  const machine = machineOf(test, buffering);
  const run = new Run(machine);
  const seen = new StateSet(machine.words);
  run.state.set(machine.start);
  run.settle();
  seen.add(run.state);
  const states: FinalState[] = [];
  const from = new Int32Array(machine.words);
  for (let i = 0; i < seen.size; i++) {
    if (seen.size > statesMax) return { unknown: `more than ${statesMax} states of the machine` };
    from.set(seen.states.subarray(i * machine.words, (i + 1) * machine.words));
    let final = true;
    for (const thread of machine.threads) {
      // The thread's next instruction, then what may leave its buffers.
      for (let choice = -1; choice < thread.queues.length; choice++) {
        run.state.set(from);
        if (!(choice < 0 ? run.execute(thread) : run.drain(thread, choice))) continue;
        final = false;
        run.settle();
        seen.add(run.state);
      }
    }
    if (final) states.push(machine.observed.map((field) => get(from, field)));
  }
  return { states };
}

/** The machine at work on one state. Steps answer whether they could be taken. */
class Run {
  readonly state: Int32Array;

  constructor(readonly machine: Machine) {
    this.state = new Int32Array(machine.words);
  }

  /** Takes all steps that nobody can notice. */
  settle(): void {
    const { threads } = this.machine;
    for (let moved = true; moved; ) {
      moved = false;
      for (const thread of threads) while (this.#quietStep(thread)) moved = true;
    }
    this.#forget();
  }

  /** The next instruction of a thread. */
  execute(thread: Thread): boolean {
    const { state } = this;
    const at = get(state, thread.counter);
    const step = thread.steps[at];
    if (step === undefined) return false;
    switch (step.op) {
      case "move":
        set(state, step.register, this.#value(step.value));
        break;
      case "load":
        set(state, step.register, this.#loaded(thread, step));
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
  drain(thread: Thread, index: number): boolean {
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

  #quietStep(thread: Thread): boolean {
    const { state } = this;
    const at = get(state, thread.counter);
    const step = thread.steps[at];
    if (step !== undefined && this.#isQuiet(thread, step)) {
      if (this.execute(thread)) return true;
    }
    const { queues } = thread;
    for (let i = 0; i < queues.length; i++) {
      const { left, stores, issued } = queues[i]!;
      const position = get(state, left);
      if (position === issued[at]) continue;
      if (this.#writeIsQuiet(thread, stores[position]!.location)) return this.drain(thread, i);
    }
    return false;
  }

  #isQuiet(thread: Thread, step: Step): boolean {
    switch (step.op) {
      case "load":
        return !this.#othersWrite(thread, step.location);
      case "store":
        return step.queue >= 0 || this.#writeIsQuiet(thread, step.location);
      case "exchange":
      case "compare-and-set":
        return (
          !this.#othersWrite(thread, step.location) && !this.#othersRead(thread, step.location)
        );
      default:
        return true;
    }
  }

  #writeIsQuiet(thread: Thread, location: number): boolean {
    if (this.#othersRead(thread, location)) return false;
    return this.#isForgotten(location) || !this.#othersWrite(thread, location);
  }

  #othersRead(thread: Thread, location: number): boolean {
    for (const other of this.machine.threads) {
      if (other !== thread && get(this.state, other.counter) <= other.lastRead[location]!) {
        return true;
      }
    }
    return false;
  }

  /** Now in their buffers, or later. */
  #othersWrite(thread: Thread, location: number): boolean {
    const { state } = this;
    for (const other of this.machine.threads) {
      if (other === thread) continue;
      if (get(state, other.counter) <= other.lastDirectWrite[location]!) return true;
      const last = other.lastStore[location];
      if (last !== undefined && get(state, other.queues[last.queue]!.left) <= last.position) {
        return true;
      }
    }
    return false;
  }

  /** Nobody will read it, and final states do not show it. */
  #isForgotten(location: number): boolean {
    if (this.machine.shown[location]) return false;
    for (const thread of this.machine.threads) {
      if (get(this.state, thread.counter) <= thread.lastRead[location]!) return false;
    }
    return true;
  }

  #forget(): void {
    const { memory } = this.machine;
    for (let location = 0; location < memory.length; location++) {
      if (this.#isForgotten(location)) set(this.state, memory[location]!, 0);
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
