/** The names of a litmus test as they come up: locations, registers, processes and values. */

import type { Architecture } from "../program.js";
import { type Width, x86Register } from "./registers.js";
import type { Token, Tokens } from "./tokens.js";

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
  readonly #widths = new Set<Width>();
  /** Where each value was met first. */
  readonly #met: Token[] = [];

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
    this.#met[this.values.length] = token;
    return this.values.push(text) - 1;
  }

  /** An instruction, or a register that is named, of this width. */
  use(width: Width): void {
    this.#widths.add(width);
  }

  /**
   * Models move values whole. That is exact when every value is the same in all widths in use, or
   * when one width of at least 32 bits is in use and tells all values apart.
   * @throws LitmusError naming a value for which it is not.
   */
  checkWidths(tokens: Tokens): void {
    if (this.#widths.size === 0) return;
    const narrowest = Math.min(...this.#widths);
    const half = 2 ** (narrowest - 1);
    const odd = this.values.findIndex((text) => !(Number(text) >= 0 && Number(text) < half));
    if (odd < 0) return;
    const mixed = this.#widths.size > 1 || narrowest < 32;
    const wrapped = new Set(this.values.map((text) => BigInt.asUintN(narrowest, BigInt(text))));
    if (!mixed && wrapped.size === this.values.length) return;
    const hint = mixed ? "use one width, of 32 or 64 bits" : "write equal values alike";
    const text = this.values[odd]!;
    tokens.fail(`${text} is another value when cut to ${narrowest} bits: ${hint}`, this.#met[odd]!);
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
