/** The names of a litmus test as they come up: locations, registers, processes and values. */

import type { Architecture } from "../program.js";
import { x86Register } from "./registers.js";
import type { Token, Tokens } from "./tokens.js";
import { Widths } from "./widths.js";

const BITS_MAX = 64;

export class Symbols {
  readonly locations: string[] = [];
  readonly initial: number[] = [];
  readonly values: string[] = ["0"];
  readonly #locations = new Map<string, number>();
  readonly #values = new Map([["0", 0]]);
  /** By process number: the registers by name, and what they start with. */
  readonly #registers = new Map<number, { places: Map<string, number>; initial: number[] }>();
  /** By process number its column; empty until the program's first row was read. */
  readonly #columns = new Map<number, number>();
  /** Of registers by process number, not by column. */
  readonly widths = new Widths();

  constructor(readonly architecture: Architecture) {}

  location(name: string): number {
    const known = this.#locations.get(name);
    if (known !== undefined) return known;
    this.#locations.set(name, this.locations.length);
    this.initial.push(0);
    return this.locations.push(name) - 1;
  }

  /** Registers of x86 by their family, others by their name. */
  register(process: number, name: string): number {
    const family = x86Register(name)?.family;
    const key = this.architecture === "store" || family === undefined ? name : family;
    const { places, initial } = this.#of(process);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, initial.length);
    return initial.push(0) - 1;
  }

  startWith(process: number, register: number, value: number): void {
    this.#of(process).initial[register] = value;
  }

  /** The place of a number in any notation. @throws LitmusError beyond 64 bits. */
  value(tokens: Tokens, token: Token): number {
    const text = /^\d{1,15}$/.test(token.text)
      ? String(Number(token.text))
      : normalised(tokens, token);
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    this.#values.set(text, this.values.length);
    return this.values.push(text) - 1;
  }

  /** The program's columns, by number of their processes. */
  set processes(numbers: readonly number[]) {
    numbers.forEach((number, column) => {
      this.#columns.set(number, column);
    });
  }

  /** The column of a process that somebody names. @throws LitmusError if there is none. */
  column(tokens: Tokens, process: number, token: Token): number {
    const column = this.#columns.get(process);
    if (column !== undefined) return column;
    const all = [...this.#columns.keys()].map((number) => `P${number}`).join(", ");
    return tokens.fail(`there is no process P${process}: the program has ${all}`, token);
  }

  /** Per column what its registers start with. */
  get registers(): number[][] {
    return [...this.#columns.keys()].map((process) => this.#of(process).initial);
  }

  #of(process: number): { places: Map<string, number>; initial: number[] } {
    const known = this.#registers.get(process);
    if (known !== undefined) return known;
    const fresh = { places: new Map<string, number>(), initial: [] };
    this.#registers.set(process, fresh);
    return fresh;
  }
}

/** As herd prints values: decimal, and of 64 bits with a sign. */
function normalised(tokens: Tokens, token: Token): string {
  const negative = token.text.startsWith("-");
  const magnitude = BigInt(negative ? token.text.slice(1) : token.text);
  const value = negative ? -magnitude : magnitude;
  if (magnitude >= 1n << BigInt(BITS_MAX) || value < -(1n << BigInt(BITS_MAX - 1))) {
    tokens.fail(`${token.text} needs more than ${BITS_MAX} bits: take a smaller value`, token);
  }
  return String(BigInt.asIntN(BITS_MAX, value));
}
