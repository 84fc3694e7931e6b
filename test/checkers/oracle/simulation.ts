/**
 * Decodes a list of small decisions into a history, so that shrinking a failure means dropping
 * decisions and lowering numbers. One to six clients work on one or two atomic objects. Each move
 * is one client's: it invokes, or its operation takes effect, or it learns the outcome; some
 * operations fail, and some end in `info` or in silence and may take effect later or never, while
 * their client goes on under a new process number.
 *
 * Where the objects lie, an operation is sometimes answered, and may take effect, as if the object
 * were in a state that another moment or another client's wish would have had it in.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Dialect, Outcome, Request } from "./atomic/atomic-object.js";

export interface Decisions {
  clients: number;
  /** Which of `keyChoices`. */
  keys: number;
  /** Which of the ways to use the type, and which of its initial values. */
  dialect: number;
  init: number;
  /** Percent of the operations whose client hears nothing certain. */
  crashPercent: number;
  /** Whether what is open at the end is completed, as far as possible. */
  closing: boolean;
  moves: readonly Move[];
}

export interface Move {
  client: number;
  /** In percent each: how this move goes, and whether an object that may lie does. */
  fate: number;
  honesty: number;
  function: number;
  value: number;
  key: number;
}

export interface Limits {
  operationsMax: number;
  liePercent: number;
}

/** Keys that are near but differ, and no key at all: mostly one object, to put more strain on it. */
export const keyChoices: readonly (readonly (Json | undefined)[])[] = [
  [undefined],
  ["x"],
  [undefined],
  ["x", "y"],
  [undefined],
  [1, "1"],
];

const failPercent = 10;

interface Client {
  process: number;
  open: OpenOperation | undefined;
}

interface OpenOperation {
  invocation: HistoryEvent;
  /** Set when the operation has taken effect, or was refused. */
  answer: { type: "ok" | "fail"; value: Json } | undefined;
}

export class Simulation {
  readonly #events: HistoryEvent[] = [];
  readonly #clients: Client[] = [];
  /** Operations whose client has given up waiting, and which have not taken effect so far. */
  readonly #adrift: OpenOperation[] = [];
  readonly #initial: Json;
  /** The state of each key's object, under the key's JSON text. */
  readonly #states = new Map<string, Json>();
  /** States that some object was in, or that a client meant one to be in. */
  readonly #plausible: Json[];
  #invocations = 0;
  #processes = 0;

  constructor(
    readonly dialect: Dialect,
    readonly decided: Decisions,
    readonly limits: Limits,
    init: Json,
  ) {
    this.#initial = dialect.initial(init);
    this.#plausible = [this.#initial];
    for (let n = 0; n < decided.clients; n++) {
      this.#clients.push({ process: this.#processes++, open: undefined });
    }
  }

  run(): HistoryEvent[] {
    for (const move of this.decided.moves) {
      const client = this.#clients[move.client % this.#clients.length]!;
      if (client.open === undefined) this.#begin(client, move);
      else if (client.open.answer === undefined) this.#progress(client, client.open, move);
      else if (move.fate < this.decided.crashPercent / 2) this.#giveUp(client, move.fate % 2 === 0);
      else this.#complete(client, client.open.answer);
    }
    if (this.decided.closing) this.#close();
    return this.#events;
  }

  #begin(client: Client, move: Move): void {
    const late = move.fate >= 70 ? this.#adrift.shift() : undefined;
    if (late !== undefined) {
      this.#takeEffect(late, move);
    } else if (move.fate < 3) {
      this.#record({ process: "nemesis", type: "info", f: "partition", value: ["n1"] });
    } else if (this.#invocations < this.limits.operationsMax) {
      this.#invoke(client, move);
    }
  }

  #progress(client: Client, open: OpenOperation, move: Move): void {
    if (move.fate < failPercent) {
      this.#complete(client, { type: "fail", value: open.invocation.value });
    } else if (move.fate < failPercent + this.decided.crashPercent / 2) {
      this.#adrift.push(open);
      this.#giveUp(client, move.fate % 2 === 0);
    } else {
      this.#takeEffect(open, move);
    }
  }

  /** What can still take effect does; what cannot, because it waits for another, fails. */
  #close(): void {
    for (const client of this.#clients) {
      const { open } = client;
      if (open === undefined) continue;
      if (open.answer === undefined) this.#settle(open, this.#truth(open));
      this.#complete(client, open.answer ?? { type: "fail", value: open.invocation.value });
    }
  }

  #invoke(client: Client, move: Move): void {
    const keys = keyChoices[this.decided.keys]!;
    const isFence = move.function >= 97;
    const key = isFence ? undefined : keys[move.key % keys.length];
    const choice = {
      roll: move.function,
      pick: move.value,
      ordinal: this.#invocations,
      process: client.process,
    };
    const { f, input }: Request = isFence
      ? { f: "fence", input: null }
      : this.dialect.ask(choice, this.#stateOf(key));
    this.#invocations++;
    const invocation = this.#record({
      process: client.process,
      type: "invoke",
      f,
      ...(key === undefined ? {} : { key }),
      value: input,
    });
    client.open = { invocation, answer: undefined };
    const intended = this.#truth(client.open);
    if (typeof intended !== "string") this.#plausible.push(intended.next);
  }

  #takeEffect(operation: OpenOperation, move: Move): void {
    const truth = this.#truth(operation);
    const isLie = move.honesty >= 100 - this.limits.liePercent;
    this.#settle(operation, isLie ? this.#lie(operation, truth, move.value) : truth);
  }

  #truth({ invocation }: OpenOperation): Outcome {
    return this.#outcome(this.#stateOf(invocation.key), invocation);
  }

  /** The answer of an object in a wrong state, which the object is in afterwards, or is not. */
  #lie({ invocation }: OpenOperation, truth: Outcome, pick: number): Outcome {
    const state = this.#stateOf(invocation.key);
    const confused = pick % 2 === 0 ? this.dialect.confused?.(state, pick >> 1) : undefined;
    const wrong = confused ?? this.#plausible[(pick >> 1) % this.#plausible.length]!;
    const told = this.#outcome(wrong, invocation);
    if (typeof told === "string") return truth;
    const isTaken = typeof truth === "string" || (confused !== undefined && pick % 4 === 0);
    return isTaken ? told : { answer: told.answer, next: truth.next };
  }

  #outcome(state: Json, { f, value, process }: HistoryEvent): Outcome {
    if (f === "fence") return { answer: null, next: state };
    return this.dialect.apply(state, { f, input: value }, process as number);
  }

  #settle(operation: OpenOperation, outcome: Outcome): void {
    const { f, key, value } = operation.invocation;
    if (outcome === "wait") return;
    if (outcome === "fail") {
      operation.answer = { type: "fail", value };
      return;
    }
    operation.answer = { type: "ok", value: outcome.answer };
    if (f === "fence") return;
    this.#states.set(nameOf(key), outcome.next);
    this.#plausible.push(outcome.next);
  }

  #stateOf(key: Json | undefined): Json {
    const state = this.#states.get(nameOf(key));
    return state === undefined ? this.#initial : state;
  }

  #complete(client: Client, { type, value }: { type: "ok" | "fail"; value: Json }): void {
    this.#record({ ...client.open!.invocation, type, value });
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

function nameOf(key: Json | undefined): string {
  return JSON.stringify(key ?? "no key");
}
