/**
 * The instructions of x86 that memory models are about, in both notations: `X86` names the
 * destination first (`MOV [x],$1`), `X86_64` last as AT&T does (`movq $1,(x)`).
 *
 * Read: MOV, XCHG and LOCK CMPXCHG with or without a suffix for the width, MFENCE, and what changes
 * nothing: NOP, ENDBR64, and LFENCE, since no model here lets loads overtake what came before them
 * unless it ignores fences altogether. SFENCE is refused: under PSO it orders stores, and only them.
 */

import type { Instruction, Operand, Variable } from "../program.js";
import { type Width, x86Register } from "./registers.js";
import type { Symbols } from "./symbols.js";
import type { Token, Tokens } from "./tokens.js";

type Place =
  | { readonly kind: "constant"; readonly value: number; readonly token: Token }
  | {
      readonly kind: "register";
      readonly register: number;
      readonly width: Width;
      readonly token: Token;
    }
  | { readonly kind: "memory"; readonly location: number; readonly token: Token };

const WIDTHS: { readonly [suffix: string]: Width } = { b: 8, w: 16, l: 32, q: 64 };
const DOING_NOTHING = new Set(["nop", "nopb", "nopw", "nopl", "nopq", "endbr64", "lfence"]);
const READ = "read are mov, xchg, lock cmpxchg, mfence, lfence and nop";

/** One instruction; none for what changes nothing. @throws LitmusError for any other. */
export function parseX86(tokens: Tokens, symbols: Symbols, process: number): Instruction[] {
  const token = tokens.expectKind("name", "an instruction");
  const mnemonic = token.text.toLowerCase();
  if (mnemonic === "lock") {
    // Assemblers take it for an instruction of its own.
    tokens.take(";");
    return parseLocked(tokens, symbols, process);
  }
  if (mnemonic === "mfence") return [{ op: "fence" }];
  if (DOING_NOTHING.has(mnemonic)) {
    while (!tokens.sees("|") && !tokens.sees(";") && tokens.peek().kind !== "end") tokens.next();
    return [];
  }
  if (mnemonic === "sfence") {
    tokens.fail("sfence is not read: it orders stores only, so take mfence", token);
  }
  const [, name, suffix = ""] = /^(mov|xchg|cmpxchg)([bwlq]?)$/.exec(mnemonic) ?? [];
  if (name === undefined) tokens.fail(`instruction "${token.text}" is not read: ${READ}`, token);
  const first = parsePlace(tokens, symbols, process);
  tokens.expect(",");
  const second = parsePlace(tokens, symbols, process);
  noteWidth(symbols, process, suffix, [first, second]);
  if (name === "cmpxchg") {
    tokens.fail("cmpxchg without lock is not atomic: write lock cmpxchg", token);
  }
  if (name === "xchg") return [exchange(tokens, token, first, second)];
  const [destination, source] = symbols.architecture === "X86" ? [first, second] : [second, first];
  return [move(tokens, token, destination, source)];
}

/** After LOCK. XCHG is locked anyhow. */
function parseLocked(tokens: Tokens, symbols: Symbols, process: number): Instruction[] {
  const token = tokens.peek();
  const [, name, suffix = ""] = /^(xchg|cmpxchg)([bwlq]?)$/i.exec(token.text) ?? [];
  if (name?.toLowerCase() === "xchg") return parseX86(tokens, symbols, process);
  if (name === undefined) tokens.fail(`instruction "lock ${token.text}" is not read: ${READ}`);
  tokens.next();
  const first = parsePlace(tokens, symbols, process);
  tokens.expect(",");
  const second = parsePlace(tokens, symbols, process);
  noteWidth(symbols, process, suffix.toLowerCase(), [first, second]);
  const { memory, register } = memoryAndRegister(tokens, token, first, second);
  const accumulator = symbols.register(process, "rax");
  symbols.widths.connect([
    { kind: "location", location: memory.location },
    { kind: "register", thread: process, register: accumulator },
  ]);
  return [
    {
      op: "compare-and-set",
      location: memory.location,
      register: accumulator,
      expected: { kind: "register", register: accumulator },
      value: { kind: "register", register: register.register },
    },
  ];
}

function move(tokens: Tokens, token: Token, destination: Place, source: Place): Instruction {
  if (destination.kind === "memory") {
    if (source.kind === "memory") {
      tokens.fail("no instruction moves from memory to memory: go through a register", token);
    }
    return { op: "store", location: destination.location, value: operand(source) };
  }
  if (destination.kind === "constant") {
    tokens.fail(
      "the destination is a constant: it must be memory or a register",
      destination.token,
    );
  }
  const { register } = destination;
  return source.kind === "memory"
    ? { op: "load", location: source.location, register }
    : { op: "move", register, value: operand(source) };
}

function exchange(tokens: Tokens, token: Token, first: Place, second: Place): Instruction {
  const { memory, register } = memoryAndRegister(tokens, token, first, second);
  return { op: "exchange", location: memory.location, register: register.register };
}

function memoryAndRegister(tokens: Tokens, token: Token, first: Place, second: Place) {
  const [memory, register] = first.kind === "memory" ? [first, second] : [second, first];
  if (memory.kind !== "memory" || register.kind !== "register") {
    tokens.fail(`${token.text} is read with one location and one register`, token);
  }
  return { memory, register };
}

function operand(place: Exclude<Place, { kind: "memory" }>): Operand {
  return place.kind === "constant"
    ? { kind: "constant", value: place.value }
    : { kind: "register", register: place.register };
}

/** The suffix says it, or else a register, or else it is 32 bits. */
function noteWidth(
  symbols: Symbols,
  process: number,
  suffix: string,
  places: readonly Place[],
): void {
  const variables: Variable[] = [];
  const widths: Width[] = suffix === "" ? [] : [WIDTHS[suffix]!];
  for (const place of places) {
    if (place.kind === "memory") variables.push({ kind: "location", location: place.location });
    if (place.kind !== "register") continue;
    variables.push({ kind: "register", thread: process, register: place.register });
    widths.push(place.width);
  }
  if (widths.length === 0) widths.push(32);
  for (const width of widths) symbols.widths.connect(variables, width);
  const [target] = variables;
  for (const place of places) {
    if (place.kind !== "constant" || target === undefined) continue;
    symbols.widths.value(target, symbols.values[place.value]!, place.token);
  }
}

function parsePlace(tokens: Tokens, symbols: Symbols, process: number): Place {
  const token = tokens.next();
  if (token.kind === "constant" || token.kind === "number") {
    if (tokens.sees("(") || tokens.sees("[")) {
      tokens.fail("computed addresses are not read: name a location, as in (x)", token);
    }
    return { kind: "constant", value: symbols.value(tokens, token), token };
  }
  const closing = token.kind === "symbol" && { "(": ")", "[": "]" }[token.text];
  if (closing) {
    const name = tokens.peek();
    if (name.kind === "register" || (name.kind === "name" && x86Register(name.text))) {
      tokens.fail("addresses in registers are not read: name a location, as in (x)");
    }
    tokens.expectKind("name", "a location");
    tokens.expect(closing);
    return { kind: "memory", location: symbols.location(name.text), token };
  }
  if (token.kind === "register" || token.kind === "name") {
    const register = x86Register(token.text);
    if (register !== undefined) {
      const { width } = register;
      return { kind: "register", register: symbols.register(process, token.text), width, token };
    }
    tokens.fail(
      `"${token.text}" is no register: a location is written [${token.text}] or (${token.text})`,
      token,
    );
  }
  return tokens.fail("expected a register, a location such as [x], or a constant", token);
}
