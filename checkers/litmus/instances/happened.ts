/**
 * May an instance have gone as it went? It is judged as a litmus test of its own, made of what its
 * sessions did, asking whether the model has the state that was seen.
 *
 * What is not known is left open, so that no fault of the network is taken for one of the memory:
 *   - a read or an exchange without an answer observes nothing; as a read it constrains nothing, and
 *     is left out;
 *   - what certainly did not happen is left out, the reading half of a refused compare-and-set, too;
 *   - a write or an exchange that ended unknown is the last of its session, at any later time or
 *     never: both are tried where it matters. Nobody having seen its value, it may as well never
 *     have happened (a run without it is a run of the model again); seen, and written by nobody
 *     else, it must have happened;
 *   - a fence counts only when it was answered.
 *
 * Sound for the five litmus models: each allows with an execution all that is left when loads,
 * fences, or stores that nobody reads are taken out of it.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import type { Enumerate, Instruction, LitmusTest, Observed } from "../program.js";
import { type Act, finalValue, type Instance } from "./instance.js";

type Access = Exclude<Act, { f: "fence" }>;

/** Instances whose unknown writes leave more open than this are not decided. */
const OPEN_MAX = 8;

export type Answer = true | false | { unknown: string };

export class Judge {
  readonly #enumerate: Enumerate;
  readonly #test: LitmusTest;
  readonly #prepared: ReadonlyMap<number, Json>;
  /** The states of programs already seen: instances differ little. */
  readonly #known = new Map<string, ReadonlySet<string> | { unknown: string }>();

  /**
   * `prepared`: locations that are written before an instance begins, with the value, at stores that
   * promise the order of real time. Where such a write was over in time it is where the test begins.
   */
  constructor(
    test: LitmusTest,
    enumerate: Enumerate,
    prepared: ReadonlyMap<number, Json> = new Map(),
  ) {
    this.#test = test;
    this.#enumerate = enumerate;
    this.#prepared = prepared;
  }

  mayHappen(instance: Instance): Answer {
    const initial = preparedIn(instance, this.#prepared);
    const { certain, open } = unknowns(instance, this.#test.locations.length);
    if (open.length > OPEN_MAX) return { unknown: `${open.length} writes of unknown outcome` };
    for (let choice = 0; choice < 1 << open.length; choice++) {
      const happened = new Set([...certain, ...open.filter((_, i) => (choice >> i) & 1)]);
      const answer = this.#has(new Program(this.#test, instance, initial, happened));
      if (answer !== false) return answer;
    }
    return false;
  }

  #has({ test, expected }: Program): Answer {
    const { threads, initial, observed } = test;
    const name = JSON.stringify([threads, initial, observed.map(({ variable }) => variable)]);
    let states = this.#known.get(name);
    if (states === undefined) {
      const result = this.#enumerate(test);
      states =
        "unknown" in result ? result : new Set(result.states.map((state) => state.join(",")));
      this.#known.set(name, states);
    }
    return "unknown" in states ? states : states.has(expected.join(","));
  }
}

/** Preparations that were over before all else of the instance began, by location. */
function preparedIn(
  { sessions }: Instance,
  prepared: ReadonlyMap<number, Json>,
): Map<number, Operation> {
  const accesses = sessions.flatMap(({ acts }) =>
    acts.filter((act): act is Access => act.f !== "fence"),
  );
  accesses.sort((a, b) => a.operation.invoked - b.operation.invoked);
  const result = new Map<number, Operation>();
  for (const [i, { f, location, operation }] of accesses.entries()) {
    const next = accesses[i + 1]?.operation.invoked ?? 0;
    const isPreparation = f === "write" && text(prepared.get(location)) === text(operation.input);
    if (!isPreparation || operation.outcome !== "ok" || operation.completed > next) break;
    if (result.has(location)) break;
    result.set(location, operation);
  }
  return result;
}

/** Changes of unknown outcome: those that must have happened, and those that may have. */
function unknowns(
  instance: Instance,
  locations: number,
): { certain: Operation[]; open: Operation[] } {
  const accesses = instance.sessions.flatMap(({ acts }) =>
    acts.filter((act): act is Access => act.f !== "fence"),
  );
  const seen = Array.from(
    { length: locations },
    (_, i) => new Set([text(finalValue(instance, i))]),
  );
  for (const { f, location, operation } of accesses) {
    if (operation.outcome !== "ok" || f === "write") continue;
    seen[location]?.add(text(f === "cas" ? halves(operation)[0] : operation.output));
  }
  // What an exchange that must have happened has read is seen, too; it is not known: all stay open.
  const exchanges = accesses.some(
    ({ f, operation }) => f !== "write" && f !== "read" && operation.outcome === "info",
  );
  const certain: Operation[] = [];
  const open: Operation[] = [];
  for (const { f, location, operation } of accesses) {
    if (operation.outcome !== "info" || f === "read") continue;
    const value = text(f === "cas" ? halves(operation)[1] : operation.input);
    const others = accesses.filter(
      (other) =>
        other.operation !== operation &&
        other.location === location &&
        other.f !== "read" &&
        other.operation.outcome !== "fail" &&
        text(other.f === "cas" ? halves(other.operation)[1] : other.operation.input) === value,
    );
    if (exchanges) open.push(operation);
    else if (!seen[location]?.has(value)) continue;
    else if (others.length === 0) certain.push(operation);
    else open.push(operation);
  }
  return { certain, open };
}

/** What happened, as a litmus test, and the state that was seen. */
class Program {
  readonly test: LitmusTest;
  readonly expected: number[] = [];
  readonly #values = ["0", "null"];
  readonly #observed: Observed[] = [];

  constructor(
    origin: LitmusTest,
    instance: Instance,
    initial: ReadonlyMap<number, Operation>,
    happened: ReadonlySet<Operation>,
  ) {
    const before = new Set(initial.values());
    const registers: number[][] = [];
    const threads = instance.sessions.map(({ acts }, thread) => {
      const own: number[] = [];
      registers.push(own);
      return acts.flatMap((act): Instruction[] => {
        if (act.f === "fence") return [{ op: "fence" }];
        const { outcome } = act.operation;
        const counts = outcome === "ok" || happened.has(act.operation);
        return counts && !before.has(act.operation) ? this.#instructions(act, thread, own) : [];
      });
    });
    origin.locations.forEach((name, location) => {
      const value = finalValue(instance, location);
      if (value === undefined) return;
      this.#observed.push({ variable: { kind: "location", location }, name: `[${name}]` });
      this.expected.push(this.#place(value));
    });
    this.test = {
      ...origin,
      initial: origin.locations.map((_, i) => this.#place(initial.get(i)?.input ?? null)),
      threads,
      registers,
      values: this.#values,
      observed: this.#observed,
      quantifier: "exists",
      proposition: { kind: "constant", holds: true },
    };
  }

  #instructions({ f, location, operation }: Access, thread: number, own: number[]): Instruction[] {
    const { input, output, outcome } = operation;
    if (f === "write") return [{ op: "store", location, value: this.#constant(input) }];
    const register = own.push(0) - 1;
    const observe = (value: Json): void => {
      const variable = { kind: "register", thread, register } as const;
      this.#observed.push({ variable, name: `${thread}:r${register}` });
      this.expected.push(this.#place(value));
    };
    if (f === "cas") {
      const [from, to] = halves(operation);
      // Having happened, it found what it expected.
      observe(from);
      const expected = this.#constant(from);
      const value = this.#constant(to);
      return [{ op: "compare-and-set", location, register, expected, value }];
    }
    if (outcome === "ok") observe(output);
    return f === "read"
      ? [{ op: "load", location, register }]
      : [
          { op: "move", register, value: this.#constant(input) },
          { op: "exchange", location, register },
        ];
  }

  #constant(value: Json): { kind: "constant"; value: number } {
    return { kind: "constant", value: this.#place(value) };
  }

  #place(value: Json): number {
    const name = text(value);
    const place = this.#values.indexOf(name);
    return place >= 0 ? place : this.#values.push(name) - 1;
  }
}

function halves({ input }: Operation): [Json, Json] {
  return Array.isArray(input) ? [input[0] ?? null, input[1] ?? null] : [null, null];
}

function text(value: Json | undefined): string {
  return value === undefined ? "" : canonical(value);
}
