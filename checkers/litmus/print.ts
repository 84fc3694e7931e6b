/**
 * Litmus tests as text: `X86_64` in the syntax of herd (AT&T, source first), `store` in our own. Reading
 * the text back gives the same test, but for the names of registers, which are given anew.
 *
 * Tests of the architecture `X86` are written as `X86_64`, which can say the same.
 */

import { UsageError } from "../../src/base/errors.js";
import type {
  Instruction,
  LitmusTest,
  Observed,
  Operand,
  Proposition,
  Variable,
} from "./program.js";

const REGISTERS = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi"];
const REGISTERS_MAX = REGISTERS.length + 8;

/** rax, rbx, rcx, rdx, rsi, rdi, r8 … r15. */
export function registerName(register: number): string {
  return REGISTERS[register] ?? `r${register - REGISTERS.length + 8}`;
}

/** Throws UsageError for what the syntax cannot say: compare-and-sets and more than 14 registers in X86_64. */
export function printLitmus(test: LitmusTest): string {
  const store = test.architecture === "store";
  const register = store ? (r: number) => `r${r}` : registerName;
  if (!store && test.registers.some((thread) => thread.length > REGISTERS_MAX)) {
    throw new UsageError(`test ${test.name}: X86_64 has ${REGISTERS_MAX} registers to use`);
  }
  const spell = (variable: Variable): string =>
    variable.kind === "location"
      ? `[${test.locations[variable.location]}]`
      : `${variable.thread}:${register(variable.register)}`;
  const observed = test.observed.map(
    ({ variable }): Observed => ({
      variable,
      name: spell(variable),
    }),
  );
  const cells = test.threads.map((thread) =>
    thread.map((one) =>
      store ? storeInstruction(test, one, register) : x86Instruction(test, one, register),
    ),
  );
  const header = [...test.header].map(([key, value]) => `${key}=${value}`);
  const asked = new Set(observedBy(test.proposition));
  const others = observed.filter((_, i) => !asked.has(i)).map(({ name }) => `${name};`);
  return [
    `${store ? "store" : "X86_64"} ${test.name}`,
    ...header,
    `{${initial(test, register)}}`,
    ...table(cells),
    ...(others.length > 0 ? [`locations [${others.join(" ")}]`] : []),
    `${test.quantifier} (${propositionText(test.proposition, observed, test.values)})`,
    "",
  ].join("\n");
}

/** In herd's notation, with no more parentheses than needed. */
export function propositionText(
  proposition: Proposition,
  observed: readonly Observed[],
  values: readonly string[],
): string {
  const inner = (part: Proposition): string => {
    const text = propositionText(part, observed, values);
    return part.kind === "equals" || part.kind === "constant" || part.kind === "not"
      ? text
      : `(${text})`;
  };
  switch (proposition.kind) {
    case "and":
    case "or": {
      if (proposition.parts.length === 0) return proposition.kind === "and" ? "true" : "false";
      return proposition.parts.map(inner).join(proposition.kind === "and" ? " /\\ " : " \\/ ");
    }
    case "implies":
      return `${inner(proposition.left)} => ${inner(proposition.right)}`;
    case "not":
      return `not (${propositionText(proposition.part, observed, values)})`;
    case "constant":
      return String(proposition.holds);
    case "equals":
      return `${observed[proposition.observed]!.name}=${values[proposition.value]}`;
  }
}

function observedBy(proposition: Proposition): number[] {
  switch (proposition.kind) {
    case "and":
    case "or":
      return proposition.parts.flatMap(observedBy);
    case "implies":
      return [...observedBy(proposition.left), ...observedBy(proposition.right)];
    case "not":
      return observedBy(proposition.part);
    case "constant":
      return [];
    case "equals":
      return [proposition.observed];
  }
}

/** Whatever does not start at the value 0. */
function initial(test: LitmusTest, register: (r: number) => string): string {
  const locations = test.initial.flatMap((value, location) =>
    test.values[value] === "0" ? [] : [`${test.locations[location]}=${test.values[value]};`],
  );
  const registers = test.registers.flatMap((thread, t) =>
    thread.flatMap((value, r) =>
      test.values[value] === "0" ? [] : [`${t}:${register(r)}=${test.values[value]};`],
    ),
  );
  return [...locations, ...registers].map((item) => ` ${item}`).join("");
}

/** Threads as columns, padded. */
function table(cells: readonly (readonly string[])[]): string[] {
  const rows = Math.max(0, ...cells.map((column) => column.length));
  const columns = cells.map((column, t) => {
    const width = Math.max(2, ...column.map((cell) => cell.length));
    const all = [`P${t}`, ...Array.from({ length: rows }, (_, row) => column[row] ?? "")];
    return all.map((cell) => cell.padEnd(width));
  });
  return Array.from({ length: rows + 1 }, (_, row) => {
    const line = columns.map((column) => column[row]).join(" | ");
    return ` ${line} ;`;
  });
}

function x86Instruction(
  test: LitmusTest,
  one: Instruction,
  register: (r: number) => string,
): string {
  const operand = (value: Operand): string =>
    value.kind === "constant" ? `$${test.values[value.value]}` : `%${register(value.register)}`;
  const memory = (location: number): string => `(${test.locations[location]})`;
  switch (one.op) {
    case "store":
      return `movq ${operand(one.value)},${memory(one.location)}`;
    case "load":
      return `movq ${memory(one.location)},%${register(one.register)}`;
    case "move":
      return `movq ${operand(one.value)},%${register(one.register)}`;
    case "fence":
      return "mfence";
    case "exchange":
      return `xchgq %${register(one.register)},${memory(one.location)}`;
    case "compare-and-set":
      throw new UsageError(
        `test ${test.name}: X86_64 has no compare-and-set of its own registers; print it as architecture store`,
      );
  }
}

function storeInstruction(
  test: LitmusTest,
  one: Instruction,
  register: (r: number) => string,
): string {
  const operand = (value: Operand): string =>
    value.kind === "constant" ? test.values[value.value]! : register(value.register);
  const location = (place: number): string => test.locations[place]!;
  switch (one.op) {
    case "store":
      return `${location(one.location)} := ${operand(one.value)}`;
    case "load":
      return `${register(one.register)} := ${location(one.location)}`;
    case "move":
      return `${register(one.register)} := ${operand(one.value)}`;
    case "fence":
      return "fence";
    case "exchange":
      return `${register(one.register)} := swap(${location(one.location)}, ${register(one.register)})`;
    case "compare-and-set":
      return `${register(one.register)} := cas(${location(one.location)}, ${operand(one.expected)}, ${operand(one.value)})`;
  }
}
