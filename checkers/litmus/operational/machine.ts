/**
 * A litmus test made ready for a machine with store buffers.
 *
 * A buffer needs no memory of its own: what is in it is the thread's own stores between those that
 * left (a counter in the state) and those that were issued (the program counter tells). Only a store
 * of a register's value keeps that value in a field until it leaves.
 *
 * A register that is shown in the end and looked at by nothing before is no part of the state either:
 * what its last load returned is written down beside it, since it decides nothing (see explore.ts).
 *
 * Buffering: SC has none; TSO one queue per thread (Owens, Sarkar, Sewell: A better x86 memory
 * model, TPHOLs 2009); PSO one per thread and location (SPARC V9 without store-store barriers).
 */

import type { Instruction, LitmusTest, Operand } from "../program.js";
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
  /** `bitOf` the location. */
  readonly bit: number;
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
  /** Of loads that are only written down: what one is worth there; 0 for others. */
  readonly scale: number;
  /** Of loads: the thread's last buffered store to this location, should it still be there. */
  readonly forwarded: Step | undefined;
}

/** Stores of one thread that leave in order. */
export interface Queue {
  /** How many have left. */
  readonly left: Field;
  readonly stores: readonly Step[];
  /** Per program counter how many have been issued. */
  readonly issued: Int32Array;
  /** Per number that have left the locations (`bitOf`) of all that follow, issued or not. */
  readonly ahead: Int32Array;
}

export interface Thread {
  readonly counter: Field;
  readonly steps: readonly Step[];
  readonly queues: readonly Queue[];
  /** Per program counter the registers whose value nobody will look at any more. */
  readonly dead: readonly (readonly Field[])[];
  /** Per program counter the locations (`bitOf`) that are read from there on. */
  readonly reads: Int32Array;
  /** Per program counter the locations (`bitOf`) that are written from there on without a buffer. */
  readonly writes: Int32Array;
}

export interface Machine {
  readonly words: number;
  readonly start: Int32Array;
  readonly threads: readonly Thread[];
  readonly memory: readonly Field[];
  /** Per location whether final states show it. */
  readonly shown: readonly boolean[];
  /** What final states show, in the order of `LitmusTest.observed`. */
  readonly observed: readonly Shown[];
}

/** In a field of the state, or written down: there it is worth `scale`, up to `count - 1` times. */
export type Shown = Field | { readonly scale: number; readonly count: number };

/**
 * Its bit in a set of locations. Beyond 31 some share one: then a set may seem to have more than it
 * has, which costs time and no outcome.
 */
export function bitOf(location: number): number {
  return 1 << (location % 31);
}

export function machineOf(test: LitmusTest, buffering: Buffering): Machine {
  const layout = new Layout();
  const valueMax = test.values.length - 1;
  const memory = test.locations.map(() => layout.field(valueMax));
  const registers = test.registers.map((own) => own.map(() => layout.field(valueMax)));
  const written = writtenDown(test);
  const threads = test.threads.map((_, thread) =>
    new ThreadCompiler(test, thread, buffering, {
      layout,
      memory,
      registers: registers[thread]!,
      scales: written[thread]!,
    }).thread(),
  );
  const observed = test.observed.map(({ variable }): Shown => {
    if (variable.kind === "location") return memory[variable.location]!;
    const { thread, register } = variable;
    const scale = written[thread]!.get(register);
    const count = test.values.length;
    return scale === undefined ? registers[thread]![register]! : { scale, count };
  });
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
  const shown = memory.map((field) => observed.some((one) => one === field));
  return { words: layout.words, start, threads, memory, shown, observed };
}

/**
 * Per thread the registers that are only written down, and what one is worth there: their last write
 * is a load, and nothing uses them after it. As many as a double can hold; the others stay in states.
 */
function writtenDown(test: LitmusTest): Map<number, number>[] {
  const written = test.threads.map(() => new Map<number, number>());
  let scale = 1;
  for (const { variable } of test.observed) {
    if (variable.kind === "location") continue;
    const { thread, register } = variable;
    const last = test.threads[thread]!.findLast((one) => touches(one, register));
    if (last?.op !== "load" || scale * test.values.length > Number.MAX_SAFE_INTEGER) continue;
    written[thread]!.set(register, scale);
    scale *= test.values.length;
  }
  return written;
}

function touches(instruction: Instruction, register: number): boolean {
  if ("register" in instruction && instruction.register === register) return true;
  return operandsOf(instruction).some(
    (operand) => operand.kind === "register" && operand.register === register,
  );
}

function operandsOf(instruction: Instruction): Operand[] {
  const { op } = instruction;
  if (op === "compare-and-set") return [instruction.expected, instruction.value];
  return op === "store" || op === "move" ? [instruction.value] : [];
}

interface Fields {
  readonly layout: Layout;
  readonly memory: readonly Field[];
  readonly registers: readonly Field[];
  /** Of the registers that are only written down. */
  readonly scales: ReadonlyMap<number, number>;
}

const READING: ReadonlySet<Opcode> = new Set(["load", "exchange", "compare-and-set"]);
const WRITING: ReadonlySet<Opcode> = new Set(["store", "exchange", "compare-and-set"]);

/** Per place the locations of the steps from there on that are asked for. */
function locationsAhead(steps: readonly Step[], wanted: (step: Step) => boolean): Int32Array {
  const ahead = new Int32Array(steps.length + 1);
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    ahead[at] = ahead[at + 1]! | (wanted(step) ? step.bit : 0);
  }
  return ahead;
}

/** Stands where an instruction has no such field; never looked at. */
const NO_FIELD: Field = { word: 0, shift: 0, mask: 0 };
const NO_SOURCE: Source = { field: undefined, constant: 0 };

class ThreadCompiler {
  readonly #queues: Step[][] = [];
  /** By location, or 0 for all of them. */
  readonly #queueOf = new Map<number, number>();
  /** By location the last store so far that goes through a buffer. */
  readonly #lastStore = new Map<number, Step>();

  constructor(
    readonly test: LitmusTest,
    readonly index: number,
    readonly buffering: Buffering,
    readonly fields: Fields,
  ) {}

  thread(): Thread {
    const { layout } = this.fields;
    const instructions = this.test.threads[this.index]!;
    const issuedAt: number[][] = [];
    const steps: Step[] = [];
    const lengths = (): number[] => this.#queues.map(({ length }) => length);
    instructions.forEach((instruction, at) => {
      issuedAt.push(lengths());
      steps.push(this.#step(instruction, at));
    });
    issuedAt.push(lengths());
    const direct = (step: Step): boolean => WRITING.has(step.op) && step.queue < 0;
    return {
      counter: layout.field(instructions.length),
      steps,
      queues: this.#queues.map((stores, queue) => ({
        left: layout.field(stores.length),
        stores,
        // A queue that came up later had nothing in it before.
        issued: Int32Array.from(issuedAt, (issued) => issued[queue] ?? 0),
        ahead: locationsAhead(stores, () => true),
      })),
      dead: this.#deadRegisters(),
      reads: locationsAhead(steps, ({ op }) => READING.has(op)),
      writes: locationsAhead(steps, direct),
    };
  }

  #step(instruction: Instruction, at: number): Step {
    const { fields } = this;
    const location = "location" in instruction ? instruction.location : -1;
    const value = "value" in instruction ? this.#source(instruction.value) : NO_SOURCE;
    const buffered = instruction.op === "store" && this.buffering !== "none";
    const queue = buffered ? this.#queueFor(location) : -1;
    const step: Step = {
      op: instruction.op,
      location,
      bit: location < 0 ? 0 : bitOf(location),
      memory: location < 0 ? NO_FIELD : fields.memory[location]!,
      register: "register" in instruction ? fields.registers[instruction.register]! : NO_FIELD,
      value,
      expected: "expected" in instruction ? this.#source(instruction.expected) : NO_SOURCE,
      queue,
      position: buffered ? this.#queues[queue]!.length : -1,
      held:
        buffered && value.field !== undefined
          ? fields.layout.field(this.test.values.length - 1)
          : undefined,
      scale: instruction.op === "load" ? this.#scaleOf(instruction.register, at) : 0,
      forwarded: instruction.op === "load" ? this.#lastStore.get(location) : undefined,
    };
    if (buffered) {
      this.#queues[queue]!.push(step);
      this.#lastStore.set(location, step);
    }
    return step;
  }

  /** Of a register that is only written down, the last load counts. */
  #scaleOf(register: number, at: number): number {
    const instructions = this.test.threads[this.index]!;
    const last = instructions.findLastIndex((one) => touches(one, register));
    return last === at ? (this.fields.scales.get(register) ?? 0) : 0;
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
    return this.#queues.push([]) - 1;
  }

  /** Backwards: a register lives where it is used before it is written again, or shown. */
  #deadRegisters(): (readonly Field[])[] {
    const { test, index, fields } = this;
    const instructions = test.threads[index]!;
    const live = new Set<number>();
    for (const { variable } of test.observed) {
      if (variable.kind === "location" || variable.thread !== index) continue;
      if (!fields.scales.has(variable.register)) live.add(variable.register);
    }
    const deadNow = (): Field[] => fields.registers.filter((_, register) => !live.has(register));
    const dead = [deadNow()];
    for (const instruction of instructions.toReversed()) {
      const { op } = instruction;
      if (op === "load" || op === "move" || op === "compare-and-set") {
        live.delete(instruction.register);
      }
      if (op === "exchange") live.add(instruction.register);
      for (const operand of operandsOf(instruction)) {
        if (operand.kind === "register") live.add(operand.register);
      }
      dead.push(deadNow());
    }
    return dead.reverse();
  }
}
