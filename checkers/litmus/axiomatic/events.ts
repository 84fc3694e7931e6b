/**
 * The events of a litmus test: what its instructions do to the memory, and which values they carry.
 *
 * Registers are gone: a value that is written, compared or observed is a constant or what some earlier
 * read of the same thread returned. An exchange is a read and a write; so is a compare-and-set, whose
 * write takes place only where the read returned what was expected. Every location has an initial write
 * of no thread. Events of one thread stand together, in program order.
 */

import type { LitmusTest, Operand } from "../program.js";

export type Term =
  | { readonly kind: "constant"; readonly value: number }
  /** What the read with this number returned. */
  | { readonly kind: "read"; readonly event: number };

export interface MemoryEvent {
  readonly kind: "initial" | "read" | "write" | "fence";
  /** -1 of initial writes. */
  readonly thread: number;
  /** Place in the thread: the two halves of an exchange share it. */
  readonly instruction: number;
  /** -1 of fences. */
  readonly location: number;
  /** Part of an exchange or a compare-and-set. */
  readonly locked: boolean;
  /** Of writes: what is written. */
  readonly value?: Term;
  /** Of the read of a compare-and-set. */
  readonly expected?: Term;
  /** Of a locked event: the other half. */
  readonly partner?: number;
  /** Of the write of a compare-and-set. */
  readonly conditional: boolean;
}

export interface Events {
  readonly all: readonly MemoryEvent[];
  readonly reads: readonly number[];
  /** Of exchanges and compare-and-sets. */
  readonly lockedReads: readonly number[];
  /** Per location: its writes, the initial one first; its reads. */
  readonly writesTo: readonly (readonly number[])[];
  readonly readsOf: readonly (readonly number[])[];
  /** Per thread and register: what it holds in the end. */
  readonly registers: readonly (readonly Term[])[];
}

export function isWrite(event: MemoryEvent): boolean {
  return event.kind === "write" || event.kind === "initial";
}

/** O(instructions). */
export function eventsOf(test: LitmusTest): Events {
  const all: MemoryEvent[] = test.initial.map((value, location) => ({
    kind: "initial",
    thread: -1,
    instruction: -1,
    location,
    locked: false,
    conditional: false,
    value: { kind: "constant", value },
  }));
  const registers = test.threads.map((_, thread) => eventsOfThread(test, thread, all));
  const places = [...all.keys()];
  const at = (location: number, which: (event: MemoryEvent) => boolean) =>
    places.filter((i) => all[i]!.location === location && which(all[i]!));
  return {
    all,
    reads: places.filter((i) => all[i]!.kind === "read"),
    lockedReads: places.filter((i) => all[i]!.kind === "read" && all[i]!.locked),
    writesTo: test.locations.map((_, location) => at(location, isWrite)),
    readsOf: test.locations.map((_, location) => at(location, (event) => event.kind === "read")),
    registers,
  };
}

/** Appends the thread's events to `all`; its registers in the end. */
function eventsOfThread(test: LitmusTest, thread: number, all: MemoryEvent[]): Term[] {
  const registers: Term[] = test.registers[thread]!.map((value) => ({ kind: "constant", value }));
  const termOf = (operand: Operand): Term =>
    operand.kind === "constant" ? operand : registers[operand.register]!;
  test.threads[thread]!.forEach((one, instruction) => {
    const next = all.length;
    const plain = { thread, instruction, location: -1, locked: false, conditional: false };
    switch (one.op) {
      case "store":
        all.push({ ...plain, kind: "write", location: one.location, value: termOf(one.value) });
        break;
      case "load":
        all.push({ ...plain, kind: "read", location: one.location });
        registers[one.register] = { kind: "read", event: next };
        break;
      case "move":
        registers[one.register] = termOf(one.value);
        break;
      case "fence":
        all.push({ ...plain, kind: "fence" });
        break;
      case "exchange":
      case "compare-and-set": {
        const locked = { ...plain, location: one.location, locked: true };
        const conditional = one.op === "compare-and-set";
        const value = conditional ? termOf(one.value) : registers[one.register]!;
        const expected = conditional ? { expected: termOf(one.expected) } : {};
        all.push({ ...locked, kind: "read", partner: next + 1, ...expected });
        all.push({ ...locked, kind: "write", partner: next, conditional, value });
        registers[one.register] = { kind: "read", event: next };
        break;
      }
    }
  });
  return registers;
}
