/**
 * Random programs for litmus engines: few threads, locations and values, so that values repeat and
 * accesses meet. Every location and every register is observed: nothing that a program does stays unseen.
 */

import fc from "fast-check";
import type {
  Instruction,
  LitmusTest,
  Observed,
  Operand,
} from "../../../checkers/litmus/program.js";

const REGISTERS = 2;
const VALUES = ["0", "1", "2"];

export interface ProgramBounds {
  readonly threadsMax: number;
  readonly instructionsMax: number;
  readonly locationsMax: number;
  /** Only plain loads, stores of constants and fences. */
  readonly plain?: boolean;
}

const small: ProgramBounds = { threadsMax: 3, instructionsMax: 4, locationsMax: 2 };

/** Two threads at least, one to `instructionsMax` instructions each. */
export function programs(bounds: ProgramBounds = small): fc.Arbitrary<LitmusTest> {
  return fc.integer({ min: 1, max: bounds.locationsMax }).chain((locations) => {
    const thread = fc.array(instructions(locations, bounds.plain === true), {
      minLength: 1,
      maxLength: bounds.instructionsMax,
    });
    return fc
      .array(thread, { minLength: 2, maxLength: bounds.threadsMax })
      .map((threads) => testOf(locations, threads));
  });
}

function instructions(locations: number, plain: boolean): fc.Arbitrary<Instruction> {
  const location = fc.nat(locations - 1);
  const register = fc.nat(REGISTERS - 1);
  const constant = fc.record<Operand & { kind: "constant" }>({
    kind: fc.constant("constant"),
    value: fc.nat(VALUES.length - 1),
  });
  const operand: fc.Arbitrary<Operand> = fc.oneof(
    { weight: 3, arbitrary: constant },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("register" as const), register }) },
  );
  const one = <Op extends string>(op: Op): fc.Arbitrary<Op> => fc.constant(op);
  const load = fc.record({ op: one("load"), location, register });
  const fence = fc.record({ op: one("fence") });
  if (plain) {
    const store = fc.record({ op: one("store"), location, value: constant });
    return fc.oneof(
      { weight: 4, arbitrary: store },
      { weight: 4, arbitrary: load },
      { weight: 1, arbitrary: fence },
    );
  }
  const store = fc.record({ op: one("store"), location, value: operand });
  const move = fc.record({ op: one("move"), register, value: operand });
  const exchange = fc.record({ op: one("exchange"), location, register });
  const compareAndSet = fc.record({
    op: one("compare-and-set"),
    location,
    register,
    expected: operand,
    value: operand,
  });
  return fc.oneof(
    { weight: 8, arbitrary: store },
    { weight: 8, arbitrary: load },
    { weight: 2, arbitrary: fence },
    { weight: 2, arbitrary: exchange },
    { weight: 2, arbitrary: compareAndSet },
    { weight: 1, arbitrary: move },
  );
}

/** A test of the `store` notation that observes everything and demands nothing. */
export function testOf(
  locations: number,
  threads: readonly (readonly Instruction[])[],
): LitmusTest {
  const names = ["x", "y", "z", "a"].slice(0, locations);
  const observed = [
    ...threads.flatMap((_, thread) =>
      Array.from(
        { length: REGISTERS },
        (_, register): Observed => ({
          variable: { kind: "register", thread, register },
          name: `${thread}:r${register}`,
        }),
      ),
    ),
    ...names.map(
      (name, location): Observed => ({
        variable: { kind: "location", location },
        name: `[${name}]`,
      }),
    ),
  ];
  return {
    architecture: "store",
    name: "random",
    header: new Map(),
    locations: names,
    initial: names.map(() => 0),
    threads,
    registers: threads.map(() => Array<number>(REGISTERS).fill(0)),
    values: VALUES,
    observed,
    quantifier: "forall",
    proposition: { kind: "constant", holds: true },
    condition: "forall (true)",
  };
}
