/**
 * How initial states and conditions name a variable: `x`, `[x]`, `0:rax`, `P0:EAX`, each perhaps
 * behind a type.
 */

import type { Variable } from "../program.js";
import { x86Register } from "./registers.js";
import type { Symbols } from "./symbols.js";
import type { Token, Tokens } from "./tokens.js";

export type Named =
  | { readonly kind: "location"; readonly location: number; readonly name: string }
  | {
      readonly kind: "register";
      readonly process: number;
      readonly register: number;
      /** In herd's spelling: `0:rax`. */
      readonly name: string;
      readonly token: Token;
    };

/** The variable gets this value, or is compared with it. */
export function noteValue(symbols: Symbols, named: Named, value: number, token: Token): void {
  const variable: Variable =
    named.kind === "location"
      ? named
      : { kind: "register", thread: named.process, register: named.register };
  symbols.widths.value(variable, symbols.values[value]!, token);
}

/** @throws LitmusError where no variable is named. */
export function parseVariable(tokens: Tokens, symbols: Symbols): Named {
  const process = processNumber(tokens);
  if (process !== undefined) {
    const token = tokens.next();
    tokens.expect(":");
    return registerOf(tokens, symbols, process, token);
  }
  const bracketed = tokens.take("[");
  const token = tokens.expectKind("name", "a location or a register such as 0:rax");
  if (bracketed) tokens.expect("]");
  else if (tokens.sees("[")) tokens.fail("arrays are not read: give each cell a location");
  return { kind: "location", location: symbols.location(token.text), name: `[${token.text}]` };
}

/** Skips a type, such as `uint64_t`, `_Atomic int` or `int *`, where a variable follows it. */
export function skipType(tokens: Tokens): void {
  while (tokens.peek().kind === "name" && processNumber(tokens) === undefined) {
    const after = tokens.peek(1);
    const arrayOfNumbers = tokens.sees("[", 1) && tokens.peek(2).kind === "number";
    const more =
      after.kind === "name" ||
      after.kind === "number" ||
      tokens.sees("*", 1) ||
      (tokens.sees("[", 1) && !arrayOfNumbers);
    if (!more) return;
    tokens.next();
    while (tokens.take("*"));
  }
}

/** The number before the colon of `0:rax` and `P0:rax`; undefined where none comes next. */
function processNumber(tokens: Tokens): number | undefined {
  const { kind, text } = tokens.peek();
  if (!tokens.sees(":", 1)) return undefined;
  if (kind === "number" && /^\d+$/.test(text)) return Number(text);
  return kind === "name" && /^P\d+$/.test(text) ? Number(text.slice(1)) : undefined;
}

function registerOf(tokens: Tokens, symbols: Symbols, process: number, token: Token): Named {
  const written =
    tokens.peek().kind === "register" ? tokens.next() : tokens.expectKind("name", "a register");
  const { architecture } = symbols;
  const register = symbols.register(process, written.text);
  if (architecture !== "store") {
    const x86 = x86Register(written.text);
    if (x86 === undefined) {
      tokens.fail(`"${written.text}" is no register of ${architecture}: take rax, EBX, …`, written);
    }
    symbols.widths.connect([{ kind: "register", thread: process, register }], x86.width);
  }
  const spelled =
    architecture === "store"
      ? written.text
      : architecture === "X86"
        ? written.text.toUpperCase()
        : written.text.toLowerCase();
  return {
    kind: "register",
    process,
    register,
    name: `${process}:${spelled}`,
    token,
  };
}
