/**
 * Random small histories for fast-check, well formed and of at most 9 operations.
 *
 * A history is decoded from a list of small decisions, so that shrinking a failure means dropping
 * decisions and lowering numbers. One to four clients work on one or two keys of atomic objects.
 * Each decision moves one client: it invokes, or its operation takes effect, or it learns the
 * outcome; some operations fail, and some end in `info` or in silence and may take effect later or
 * never, while their client goes on under a new process number.
 *
 * Half of the histories are left so, and are linearizable because every effect lies between
 * invocation and completion; a quarter is spoiled by one to three mutations (`mutants.ts`); in the
 * last quarter the objects lie.
 */

import fc from "fast-check";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { type Answer, AtomicObjects } from "./atomic-object.js";
import { mutants } from "./mutants.js";
import { formatHistory, renumbered } from "./notation.js";
import type { ObjectType } from "./sequential-object.js";

export const operationsMax = 9;

export interface RandomHistory {
  type: ObjectType;
  /** Null for "not given". */
  init: Json;
  events: HistoryEvent[];
  toString(): string;
}

/** Linearizable by construction. */
export function atomicHistory(type: ObjectType): fc.Arbitrary<RandomHistory> {
  return decisions.map((decided) => simulated(type, decided, false));
}

/** A good mix of linearizable and other histories. */
export function anyHistory(type: ObjectType): fc.Arbitrary<RandomHistory> {
  const spoiling = fc.array(fc.tuple(fc.nat(mutants.length - 1), fc.nat(99)), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.oneof(
    { arbitrary: atomicHistory(type), weight: 2 },
    { arbitrary: fc.tuple(atomicHistory(type), spoiling).map(spoiled), weight: 1 },
    { arbitrary: decisions.map((decided) => simulated(type, decided, true)), weight: 1 },
  );
}

function spoiled([history, mutations]: [RandomHistory, [number, number][]]): RandomHistory {
  const events = mutations.reduce(
    (before, [which, pick]) => mutants[which]!.apply(before, pick) ?? before,
    history.events,
  );
  return randomHistory(history.type, history.init, events);
}

export function randomHistory(
  type: ObjectType,
  init: Json,
  events: readonly HistoryEvent[],
): RandomHistory {
  const numbered = renumbered(events);
  return {
    type,
    init,
    events: numbered,
    toString: () => `${type}, init ${JSON.stringify(init)}\n${formatHistory(numbered)}\n`,
  };
}

interface Decisions {
  clients: number;
  keys: number;
  dialect: number;
  init: number;
  /** Whether operations that took effect are acknowledged at the end, or left open. */
  closing: boolean;
  moves: Move[];
}

interface Move {
  client: number;
  /** In percent: how this move goes. */
  fate: number;
  function: number;
  key: number;
  value: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  client: fc.nat(3),
  fate: fc.nat(99),
  function: fc.nat(99),
  key: fc.nat(1),
  value: fc.nat(99),
});

const decisions: fc.Arbitrary<Decisions> = fc.noBias(
  fc.record({
    clients: fc.integer({ min: 1, max: 4 }),
    keys: fc.nat(3),
    dialect: fc.nat(59),
    init: fc.nat(5),
    closing: fc.boolean(),
    moves: fc.array(move, { maxLength: 40, size: "max" }),
  }),
);

/** Keys that are near but differ, and no key at all. */
const keyChoices: readonly (readonly (Json | undefined)[])[] = [
  [undefined],
  ["x"],
  ["x", "y"],
  [1, "1"],
];

/** Which functions clients call, and with which values; `unique` values never repeat. */
interface Dialect {
  functions: readonly string[];
  values: readonly Json[];
  unique: ((ordinal: number) => Json) | undefined;
}

/** Values that a sloppy equality takes for one another, and two spellings of one value. */
const trickyValues: readonly Json[] = [0, "0", false, null, [0], { a: 1, b: 2 }, { b: 2, a: 1 }];

function dialects(type: ObjectType): Dialect[] {
  if (type === "counter") {
    const functions = ["read", "add"];
    return [
      { functions, values: [1, 2], unique: undefined },
      { functions, values: [1, -1, 2, 0], unique: undefined },
      { functions, values: [], unique: (ordinal) => 2 ** ordinal },
    ];
  }
  const functions =
    type === "set"
      ? ["read", "add"]
      : type === "register"
        ? ["read", "write"]
        : ["read", "write", "cas"];
  const common: Dialect[] = [
    { functions, values: [0, 1, 2], unique: undefined },
    { functions, values: [], unique: (ordinal) => ordinal },
    { functions, values: trickyValues, unique: undefined },
  ];
  if (type !== "kv") return common;
  const strings = ["get", "put", "append", "cas"];
  return [
    ...common,
    { functions: strings, values: ["a", "b"], unique: undefined },
    { functions: strings, values: [], unique: (n) => String.fromCharCode(97 + n) },
  ];
}

interface Client {
  process: number;
  open: OpenOperation | undefined;
}

interface OpenOperation {
  invocation: HistoryEvent;
  /** Set when the operation has taken effect. */
  answer: Answer | undefined;
}

function simulated(type: ObjectType, decided: Decisions, lying: boolean): RandomHistory {
  const choices = dialects(type);
  const dialect = choices[decided.dialect % choices.length]!;
  const takesInit = type !== "set" && type !== "counter" && decided.init >= 4;
  const init = takesInit ? (dialect.values[decided.init % 2] ?? null) : null;
  const simulation = new Simulation(new AtomicObjects(type, init), dialect, decided, lying);
  return randomHistory(type, init, simulation.run());
}

class Simulation {
  readonly #events: HistoryEvent[] = [];
  readonly #clients: Client[] = [];
  /** Operations whose client has given up waiting, and which have not taken effect so far. */
  readonly #adrift: OpenOperation[] = [];
  #invocations = 0;
  #processes = 0;

  constructor(
    readonly objects: AtomicObjects,
    readonly dialect: Dialect,
    readonly decided: Decisions,
    readonly lying: boolean,
  ) {
    for (let n = 0; n < decided.clients; n++) {
      this.#clients.push({ process: this.#processes++, open: undefined });
    }
  }

  run(): HistoryEvent[] {
    for (const move of this.decided.moves) {
      const client = this.#clients[move.client % this.#clients.length]!;
      if (client.open === undefined) this.#begin(client, move);
      else if (client.open.answer === undefined) this.#progress(client, client.open, move);
      else this.#finish(client, client.open.answer, move);
    }
    for (const client of this.decided.closing ? this.#clients : []) {
      if (client.open?.answer !== undefined) this.#complete(client, client.open.answer);
    }
    return this.#events;
  }

  #begin(client: Client, move: Move): void {
    const late = move.fate >= 70 ? this.#adrift.shift() : undefined;
    if (late !== undefined) {
      this.#takeEffect(late, move);
    } else if (move.fate < 3) {
      this.#record({ process: "nemesis", type: "info", f: "partition", value: ["n1"] });
    } else if (this.#invocations < operationsMax) {
      this.#invoke(client, move);
    }
  }

  #progress(client: Client, open: OpenOperation, move: Move): void {
    if (move.fate < 14) {
      this.#complete(client, { type: "fail", value: open.invocation.value });
    } else if (move.fate < 20) {
      this.#adrift.push(open);
      this.#giveUp(client, move.fate < 17);
    } else {
      this.#takeEffect(open, move);
    }
  }

  #finish(client: Client, answer: Answer, move: Move): void {
    if (move.fate < 8) this.#giveUp(client, move.fate < 4);
    else this.#complete(client, answer);
  }

  #invoke(client: Client, move: Move): void {
    const keys = keyChoices[this.decided.keys]!;
    const { functions } = this.dialect;
    // Reads are what tells histories apart: nearly half of all operations.
    const f =
      move.function >= 97
        ? "fence"
        : move.function < 45
          ? functions[0]!
          : functions[1 + (move.function % (functions.length - 1))]!;
    const key = f === "fence" ? undefined : keys[move.key % keys.length];
    const value = this.#input(f, key, move.value);
    this.objects.intend(f, key, value);
    this.#invocations++;
    client.open = {
      invocation: this.#record({
        process: client.process,
        type: "invoke",
        f,
        ...(key === undefined ? {} : { key }),
        value,
      }),
      answer: undefined,
    };
  }

  #input(f: string, key: Json | undefined, choice: number): Json {
    if (f === "read" || f === "get" || f === "fence") return null;
    const { values, unique } = this.dialect;
    const value = unique?.(this.#invocations) ?? values[choice % values.length]!;
    if (f !== "cas") return value;
    const stranger = values[(choice >> 2) % Math.max(values.length, 1)] ?? 0;
    return [choice % 4 === 3 ? stranger : this.objects.peek(key), value];
  }

  #takeEffect(operation: OpenOperation, move: Move): void {
    const { f, key, value } = operation.invocation;
    operation.answer = this.lying
      ? this.objects.lie(f, key, value, move.value)
      : this.objects.apply(f, key, value);
  }

  #complete(client: Client, answer: Answer): void {
    this.#record({ ...client.open!.invocation, type: answer.type, value: answer.value });
    client.open = undefined;
  }

  /** The client hears nothing certain, and goes on under a new process number. */
  #giveUp(client: Client, audibly: boolean): void {
    if (audibly) this.#record({ ...client.open!.invocation, type: "info", error: "timeout" });
    client.open = undefined;
    client.process = this.#processes++;
  }

  #record(event: Omit<HistoryEvent, "index" | "time">): HistoryEvent {
    const recorded = { ...event, index: this.#events.length, time: 0 };
    this.#events.push(recorded);
    return recorded;
  }
}
