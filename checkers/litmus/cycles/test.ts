/**
 * From a cycle to a litmus test whose condition holds in exactly the executions with that cycle.
 *
 * The location changes at each edge that says so and is the first again at the end. The accesses to a
 * location stand in the cycle one after another and in coherence order: writes are numbered 1, 2, and a
 * read returns the number of the last write before it. A location with two writes also tells its final
 * value, so that their order is known. In a cycle of one location the chain starts behind the edge of
 * program order that coherence contradicts.
 */

import { UsageError } from "../../../src/base/errors.js";
import { propositionText, registerName } from "../print.js";
import type { Instruction, LitmusTest, Observed, Proposition, Variable } from "../program.js";
import { type Cycle, edgesOf, isSingleLocation, spellCycle } from "./cycle.js";
import { changesLocation, type Edge, isFenced, programRelations } from "./edge.js";
import { nameOf } from "./name.js";

const LOCATION_NAMES = ["x", "y", "z", "a", "b", "c", "d", "e", "f", "g"];
const WRITES_MAX = 2;

interface Access {
  readonly thread: number;
  readonly edge: Edge;
  readonly location: number;
  /** What it writes or returns. */
  readonly value: number;
}

/** Throws UsageError where a location has more than two writes: their order would need observers. */
export function testOf(cycle: Cycle): LitmusTest {
  const accesses = accessesOf(cycle);
  const locations = Math.max(...accesses.map(({ location }) => location)) + 1;
  const finals = Array.from({ length: locations }, (_, location) =>
    Math.max(...accesses.filter((one) => one.location === location).map(({ value }) => value)),
  );
  if (Math.max(...finals) > WRITES_MAX) {
    throw new UsageError(
      `cycle ${spellCycle(cycle)}: a location has more than ${WRITES_MAX} writes; use one with at most ${WRITES_MAX}`,
    );
  }
  const expected: { variable: Variable; value: number }[] = [];
  const programs = cycle.threads.map((_, thread) => {
    const registers = { count: 0 };
    const own = accesses.filter((access) => access.thread === thread);
    return { instructions: program(own, registers, expected), registers };
  });
  finals.forEach((value, location) => {
    if (value > 1) expected.push({ variable: { kind: "location", location }, value });
  });
  const names = Array.from({ length: locations }, (_, i) => LOCATION_NAMES[i] ?? `x${i}`);
  const observed = expected.map(({ variable }): Observed => ({ variable, name: spell(variable) }));
  function spell(variable: Variable): string {
    return variable.kind === "location"
      ? `[${names[variable.location]}]`
      : `${variable.thread}:${registerName(variable.register)}`;
  }
  const values = Array.from({ length: Math.max(...finals) + 1 }, (_, value) => String(value));
  const proposition: Proposition = {
    kind: "and",
    parts: expected.map(({ value }, i) => ({ kind: "equals", observed: i, value })),
  };
  return {
    architecture: "X86_64",
    name: nameOf(cycle),
    header: new Map([["Cycle", spellCycle(cycle)]]),
    locations: names,
    initial: names.map(() => 0),
    threads: programs.map(({ instructions }) => instructions),
    registers: programs.map(({ registers }) => Array<number>(registers.count).fill(0)),
    values,
    observed,
    quantifier: "exists",
    proposition,
    condition: `exists (${propositionText(proposition, observed, values)})`,
  };
}

function accessesOf(cycle: Cycle): Access[] {
  const edges = edgesOf(cycle);
  const threadOf = cycle.threads.flatMap(({ inner, leaves }, thread) =>
    [...inner, leaves].map(() => thread),
  );
  const starts = isSingleLocation(cycle)
    ? (one: Edge) => programRelations.some((relation) => relation === one.relation)
    : changesLocation;
  const first = (edges.findLastIndex(starts) + 1) % edges.length;
  const accesses: Access[] = [];
  let location = 0;
  let value = 0;
  for (let i = 0; i < edges.length; i++) {
    const place = (first + i) % edges.length;
    const edge = edges[place]!;
    if (edge.from === "W") value++;
    accesses[place] = { thread: threadOf[place]!, edge, location, value };
    if (changesLocation(edge)) {
      location++;
      value = 0;
    }
  }
  return accesses;
}

/** The instructions of one thread; what its reads must return is appended to `expected`. */
function program(
  accesses: readonly Access[],
  registers: { count: number },
  expected: { variable: Variable; value: number }[],
): Instruction[] {
  return accesses.flatMap(({ thread, edge, location, value }, i): Instruction[] => {
    const fence: Instruction[] = isFenced(edge) ? [{ op: "fence" }] : [];
    if (edge.from === "W") {
      if (accesses[i - 1]?.edge.relation === "Rmw") return fence;
      return [{ op: "store", location, value: { kind: "constant", value } }, ...fence];
    }
    const register = registers.count++;
    expected.push({ variable: { kind: "register", thread, register }, value });
    if (edge.relation !== "Rmw") return [{ op: "load", location, register }, ...fence];
    const written = accesses[i + 1]!.value;
    return [
      { op: "move", register, value: { kind: "constant", value: written } },
      { op: "exchange", location, register },
    ];
  });
}
