/**
 * The machines again, as the papers tell them: real buffers, every interleaving, nothing left out.
 * Slow, and obviously so.
 */

import type { Instruction, LitmusTest, Operand } from "../../../checkers/litmus/program.js";

interface State {
  readonly counters: readonly number[];
  readonly registers: readonly (readonly number[])[];
  readonly memory: readonly number[];
  /** Per thread its buffers, each oldest first. */
  readonly buffers: readonly (readonly (readonly Entry[])[])[];
}

interface Entry {
  readonly location: number;
  readonly value: number;
}

export type Buffers = "none" | "one" | "one per location";

/** Final states over `observed`, each as its values joined by commas. */
export function naiveOutcomes(test: LitmusTest, buffers: Buffers): Set<string> {
  const start: State = {
    counters: test.threads.map(() => 0),
    registers: test.registers,
    memory: test.initial,
    buffers: test.threads.map(() => {
      if (buffers === "none") return [];
      return buffers === "one" ? [[]] : test.locations.map(() => []);
    }),
  };
  const outcomes = new Set<string>();
  const seen = new Set<string>();
  const stack = [start];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = [...successors(test, state)];
    stack.push(...next);
    if (next.length === 0) outcomes.add(shown(test, state));
  }
  return outcomes;
}

function shown({ observed }: LitmusTest, { memory, registers }: State): string {
  return observed
    .map(({ variable }) =>
      variable.kind === "location"
        ? memory[variable.location]
        : registers[variable.thread]![variable.register],
    )
    .join();
}

function* successors(test: LitmusTest, state: State): Generator<State> {
  for (const [thread, instructions] of test.threads.entries()) {
    const instruction = instructions[state.counters[thread]!];
    const after = instruction === undefined ? undefined : execute(state, thread, instruction);
    if (after !== undefined) {
      yield { ...after, counters: after.counters.with(thread, after.counters[thread]! + 1) };
    }
    for (const [index, buffer] of state.buffers[thread]!.entries()) {
      const [oldest, ...rest] = buffer;
      if (oldest === undefined) continue;
      const { location, value } = oldest;
      yield {
        ...withBuffer(state, thread, index, rest),
        memory: state.memory.with(location, value),
      };
    }
  }
}

function withBuffer(state: State, thread: number, index: number, buffer: Entry[]): State {
  return {
    ...state,
    buffers: state.buffers.with(thread, state.buffers[thread]!.with(index, buffer)),
  };
}

/** Undefined while the thread must wait for its buffers. */
function execute(state: State, thread: number, instruction: Instruction): State | undefined {
  const registers = state.registers[thread]!;
  const read = (operand: Operand): number =>
    operand.kind === "constant" ? operand.value : registers[operand.register]!;
  const withRegister = (register: number, value: number, of: State = state): State => ({
    ...of,
    registers: of.registers.with(thread, registers.with(register, value)),
  });
  const buffers = state.buffers[thread]!;
  if (instruction.op === "move") {
    return withRegister(instruction.register, read(instruction.value));
  }
  if (instruction.op === "load") {
    const { location, register } = instruction;
    const newest = buffers.flat().findLast((entry) => entry.location === location);
    return withRegister(register, newest?.value ?? state.memory[location]!);
  }
  if (instruction.op === "store") {
    const { location } = instruction;
    const value = read(instruction.value);
    if (buffers.length === 0) return { ...state, memory: state.memory.with(location, value) };
    const index = buffers.length === 1 ? 0 : location;
    return withBuffer(state, thread, index, [...buffers[index]!, { location, value }]);
  }
  if (buffers.some((buffer) => buffer.length > 0)) return undefined;
  if (instruction.op === "fence") return state;
  const { location, register } = instruction;
  const old = state.memory[location]!;
  const written =
    instruction.op === "exchange"
      ? registers[register]!
      : old === read(instruction.expected)
        ? read(instruction.value)
        : old;
  return withRegister(register, old, { ...state, memory: state.memory.with(location, written) });
}
