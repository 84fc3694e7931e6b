/**
 * Dense random programs: every instruction a load or a store, every store another value, everything
 * observed. As hard as programs of their size get.
 */

import type { Instruction, LitmusTest, Observed } from "../../checkers/litmus/program.js";
import type { Random } from "../../src/random/random.js";

export interface DenseSize {
  readonly threads: number;
  readonly instructions: number;
  readonly locations: number;
}

export function denseProgram(size: DenseSize, random: Random): LitmusTest {
  const names = ["x", "y", "z", "a"].slice(0, size.locations);
  const values = ["0"];
  const observed: Observed[] = names.map((name, location) => ({
    variable: { kind: "location", location },
    name: `[${name}]`,
  }));
  const registers: number[][] = [];
  const threads = Array.from({ length: size.threads }, (_, thread) => {
    const own: number[] = [];
    registers.push(own);
    return Array.from({ length: size.instructions }, (): Instruction => {
      const location = random.int(size.locations);
      if (random.chance(1, 2)) {
        const value = values.push(String(values.length)) - 1;
        return { op: "store", location, value: { kind: "constant", value } };
      }
      const register = own.push(0) - 1;
      const variable = { kind: "register", thread, register } as const;
      observed.push({ variable, name: `${thread}:r${register}` });
      return { op: "load", location, register };
    });
  });
  return {
    architecture: "store",
    name: "dense",
    header: new Map(),
    locations: names,
    initial: names.map(() => 0),
    threads,
    registers,
    values,
    observed,
    quantifier: "exists",
    proposition: { kind: "constant", holds: true },
    condition: "exists (true)",
  };
}
