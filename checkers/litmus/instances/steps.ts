/**
 * A litmus test as its threads' requests to a store.
 *
 * Registers live with the client: moves are no requests, and what is stored is a constant or the
 * result of an earlier request of the thread.
 */

import type { Json } from "../../../src/base/json.js";
import type { Instruction, LitmusTest, Operand } from "../program.js";

/** A constant (a place in `LitmusTest.values`), or the result of a step of the same thread. */
export type Source =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "result"; readonly step: number };

export type Step =
  | { readonly f: "fence" }
  | { readonly f: "read"; readonly location: number }
  | { readonly f: "write" | "swap"; readonly location: number; readonly value: Source }
  | {
      readonly f: "cas";
      readonly location: number;
      readonly expected: Source;
      readonly value: Source;
    };

export interface Thread {
  readonly steps: readonly Step[];
  /** What each register holds in the end. */
  readonly registers: readonly Source[];
}

export function threadsOf(test: LitmusTest): Thread[] {
  return test.threads.map((instructions, i) => threadOf(instructions, test.registers[i] ?? []));
}

function threadOf(instructions: readonly Instruction[], initial: readonly number[]): Thread {
  const registers: Source[] = initial.map((value) => ({ kind: "constant", value }));
  const steps: Step[] = [];
  const sourceOf = (operand: Operand): Source =>
    operand.kind === "constant" ? operand : (registers[operand.register] as Source);
  const result = (register: number, step: Step): void => {
    registers[register] = { kind: "result", step: steps.push(step) - 1 };
  };
  for (const instruction of instructions) {
    switch (instruction.op) {
      case "store": {
        const { location, value } = instruction;
        steps.push({ f: "write", location, value: sourceOf(value) });
        break;
      }
      case "load":
        result(instruction.register, { f: "read", location: instruction.location });
        break;
      case "move":
        registers[instruction.register] = sourceOf(instruction.value);
        break;
      case "fence":
        steps.push({ f: "fence" });
        break;
      case "exchange": {
        const { location, register } = instruction;
        result(register, { f: "swap", location, value: registers[register] as Source });
        break;
      }
      case "compare-and-set": {
        const { location, register } = instruction;
        const expected = sourceOf(instruction.expected);
        result(register, { f: "cas", location, expected, value: sourceOf(instruction.value) });
        break;
      }
    }
  }
  return { steps, registers };
}

/** The functions that a store must offer for a test to be put to it, in a fixed order. */
export function functionsOf(test: LitmusTest): string[] {
  const used = new Set(threadsOf(test).flatMap(({ steps }) => steps.map(({ f }) => f as string)));
  if (finalLocations(test).length > 0) used.add("read");
  return ["read", "write", "cas", "swap", "fence"].filter((f) => used.has(f));
}

/** The locations whose final value the test asks for. */
export function finalLocations({ observed }: LitmusTest): number[] {
  return observed.flatMap(({ variable }) =>
    variable.kind === "location" ? [variable.location] : [],
  );
}

/** How the keys of a run look: `12.x`, or whole numbers where programs have types for that. */
export type KeyForm = "strings" | "integers";

/** The key of a location in one instance of a test: every instance has keys of its own. */
export function keyOf(
  { locations }: LitmusTest,
  form: KeyForm,
  instance: number,
  location: number,
): string | number {
  return form === "strings"
    ? `${instance}.${locations[location]}`
    : instance * locations.length + location;
}

/** What a key stands for; undefined for other keys. */
export function placeOf(
  { locations }: LitmusTest,
  key: unknown,
): { form: KeyForm; instance: number; location: number } | undefined {
  if (typeof key === "number" && Number.isInteger(key) && key >= 0) {
    const instance = Math.floor(key / locations.length);
    return { form: "integers", instance, location: key % locations.length };
  }
  const [, number, name] = (typeof key === "string" && /^(\d+)\.(.*)$/.exec(key)) || [];
  const location = locations.indexOf(name ?? "");
  return location < 0 ? undefined : { form: "strings", instance: Number(number), location };
}

/** A value of the test as it is written to a store: a number where that is exact. */
export function wireValue({ values }: LitmusTest, place: number): Json {
  const text = values[place] as string;
  return Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
