/**
 * A litmus test made ready for a machine with store buffers.
 *
 * A buffer needs no memory of its own: what is in it is the thread's own stores between those that
 * left (a counter in the state) and those that were issued (the program counter tells). Only a store
 * of a register's value keeps that value in a field until it leaves.
 *
 * Buffering: SC has none; TSO one queue per thread (Owens, Sarkar, Sewell: A better x86 memory
 * model, TPHOLs 2009); PSO one per thread and location (SPARC V9 without store-store barriers).
 */

import type { LitmusTest, Operand } from "../program.js";
import { type Field, Layout } from "./layout.js";

export type Buffering = "none" | "thread" | "thread-and-location";

export type Opcode = "store" | "load" | "move" | "fence" | "exchange" | "compare-and-set";

/** A constant, or the field of a register. */
export interface Source {
  readonly field: Field | undefined;
  readonly constant: number;
}

export interface Step {
  readonly op: Opcode;
  /** Of memory accesses; -1 for others. */
  readonly location: number;
  readonly memory: Field;
  /** The register that is written, or exchanged. */
  readonly register: Field;
  readonly value: Source;
  readonly expected: Source;
  /** Of buffered stores: the place in `Thread.queues`, and in that queue. */
  readonly queue: number;
  readonly position: number;
  /** Of buffered stores of a register: where the value waits. */
  readonly held: Field | undefined;
  /** Of loads: the thread's last buffered store to this location, should it still be there. */
  readonly forwarded: Step | undefined;
}

/** Stores of one thread that leave in order. */
export interface Queue {
  /** How many have left. */
  readonly left: Field;
  readonly stores: readonly Step[];
  /** Per program counter how many have been issued. */
  readonly issued: readonly number[];
}

export interface Thread {
  readonly counter: Field;
  readonly steps: readonly Step[];
  readonly queues: readonly Queue[];
  /** Per program counter the registers whose value nobody will look at any more. */
  readonly dead: readonly (readonly Field[])[];
  /** Per location the last step that reads it from memory or buffer; -1 for none. */
  readonly lastRead: Int32Array;
  /** Per location the last step that writes memory at once; -1 for none. */
  readonly lastDirectWrite: Int32Array;
  /** Per location its last buffered store. */
  readonly lastStore: readonly (Step | undefined)[];
}

export interface Machine {
  readonly words: number;
  readonly start: Int32Array;
  readonly threads: readonly Thread[];
  readonly memory: readonly Field[];
  /** Per location whether final states show it. */
  readonly shown: readonly boolean[];
  /** What final states show, in the order of `LitmusTest.observed`. */
  readonly observed: readonly Field[];
}

export function machineOf(test: LitmusTest, buffering: Buffering): Machine {
  const layout = new Layout();
  const valueMax = test.values.length - 1;
  const memory = test.locations.map(() => layout.field(valueMax));
  const registers = test.registers.map((own) => own.map(() => layout.field(valueMax)));
  const threads = test.threads.map((_, thread) =>
    new ThreadCompiler(test, thread, buffering, {
      layout,
      memory,
      registers: registers[thread]!,
    }).thread(),
  );
  const observed = test.observed.map(({ variable }) =>
    variable.kind === "location"
      ? memory[variable.location]!
      : registers[variable.thread]![variable.register]!,
  );
  const start = new Int32Array(layout.words);
  const put = (field: Field, value: number): void => {
    start[field.word]! |= value << field.shift;
  };
  memory.forEach((field, i) => {
    put(field, test.initial[i]!);
  });
  registers.forEach((own, thread) => {
    own.forEach((field, i) => {
      put(field, test.registers[thread]![i]!);
    });
  });
  const shown = memory.map((field) => observed.includes(field));
  return { words: layout.words, start, threads, memory, shown, observed };
}

interface Fields {
  readonly layout: Layout;
  readonly memory: readonly Field[];
  readonly registers: readonly Field[];
}

/** Stands where an instruction has no such field; never looked at. */
const NO_FIELD: Field = { word: 0, shift: 0, mask: 0 };
const NO_SOURCE: Source = { field: undefined, constant: 0 };

class ThreadCompiler {
  readonly #queues: { left: Field | undefined; stores: Step[]; issued: number[] }[] = [];
  /** By location, or 0 for all of them. */
  readonly #queueOf = new Map<number, number>();

  constructor(
    readonly test: LitmusTest,
    readonly index: number,
    readonly buffering: Buffering,
    readonly fields: Fields,
  ) {}

  thread(): Thread {
    const { test, index, fields } = this;
    const { layout } = fields;
    const instructions = test.threads[index]!;
    const count = test.locations.length;
    const lastRead = new Int32Array(count).fill(-1);
    const lastDirectWrite = new Int32Array(count).fill(-1);
    const lastStore: (Step | undefined)[] = new Array<undefined>(count).fill(undefined);
    const issuedAt: number[][] = [];
    const steps: Step[] = [];
    instructions.forEach((_, at) => {
      issuedAt.push(this.#queues.map(({ stores }) => stores.length));
      const step = this.#step(at, lastStore);
      steps.push(step);
      const { op, location } = step;
      if (op === "load" || op === "exchange" || op === "compare-and-set") lastRead[location] = at;
      if (step.queue >= 0) lastStore[location] = step;
      else if (op === "store" || op === "exchange" || op === "compare-and-set") {
        lastDirectWrite[location] = at;
      }
    });
    issuedAt.push(this.#queues.map(({ stores }) => stores.length));
    return {
      counter: layout.field(instructions.length),
      steps,
      queues: this.#queues.map(({ stores }, queue) => ({
        left: layout.field(stores.length),
        stores,
        // A queue that came up later had nothing in it before.
        issued: issuedAt.map((issued) => issued[queue] ?? 0),
      })),
      dead: this.#deadRegisters(),
      lastRead,
      lastDirectWrite,
      lastStore,
    };
  }

  #step(at: number, lastStore: readonly (Step | undefined)[]): Step {
    const { fields } = this;
    const instruction = this.test.threads[this.index]![at]!;
    const location = "location" in instruction ? instruction.location : -1;
    const value = "value" in instruction ? this.#source(instruction.value) : NO_SOURCE;
    const buffered = instruction.op === "store" && this.buffering !== "none";
    const queue = buffered ? this.#queueFor(location) : -1;
    const step: Step = {
      op: instruction.op,
      location,
      memory: location < 0 ? NO_FIELD : fields.memory[location]!,
      register: "register" in instruction ? fields.registers[instruction.register]! : NO_FIELD,
      value,
      expected: "expected" in instruction ? this.#source(instruction.expected) : NO_SOURCE,
      queue,
      position: buffered ? this.#queues[queue]!.stores.length : -1,
      held:
        buffered && value.field !== undefined
          ? fields.layout.field(this.test.values.length - 1)
          : undefined,
      forwarded: instruction.op === "load" ? lastStore[location] : undefined,
    };
    if (buffered) this.#queues[queue]!.stores.push(step);
    return step;
  }

  #source(operand: Operand): Source {
    return operand.kind === "constant"
      ? { field: undefined, constant: operand.value }
      : { field: this.fields.registers[operand.register]!, constant: 0 };
  }

  #queueFor(location: number): number {
    const key = this.buffering === "thread" ? 0 : location;
    const known = this.#queueOf.get(key);
    if (known !== undefined) return known;
    this.#queueOf.set(key, this.#queues.length);
    return this.#queues.push({ left: undefined, stores: [], issued: [] }) - 1;
  }

  /** Backwards: a register lives where it is used before it is written again, or shown. */
  #deadRegisters(): (readonly Field[])[] {
    const { test, index, fields } = this;
    const instructions = test.threads[index]!;
    const live = new Set<number>();
    for (const { variable } of test.observed) {
      if (variable.kind === "register" && variable.thread === index) live.add(variable.register);
    }
    const deadNow = (): Field[] => fields.registers.filter((_, register) => !live.has(register));
    const dead = [deadNow()];
    for (const instruction of instructions.toReversed()) {
      const { op } = instruction;
      if (op === "load" || op === "move" || op === "compare-and-set") {
        live.delete(instruction.register);
      }
      if (op === "exchange") live.add(instruction.register);
      const operands =
        op === "compare-and-set"
          ? [instruction.expected, instruction.value]
          : op === "store" || op === "move"
            ? [instruction.value]
            : [];
      for (const operand of operands) {
        if (operand.kind === "register") live.add(operand.register);
      }
      dead.push(deadNow());
    }
    return dead.reverse();
  }
}
