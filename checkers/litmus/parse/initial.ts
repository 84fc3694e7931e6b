/** The initial state: `{ x=0; [y]=1; 0:rax=1; P1:EBX=2; uint64_t z; int 0:rcx=3; }`. */

import type { Symbols } from "./symbols.js";
import type { Token, Tokens } from "./tokens.js";
import { noteValue, parseVariable, skipType } from "./variables.js";

/**
 * Gives the variables their values, and returns the processes that are named, for whoever knows
 * later which there are.
 * @throws LitmusError for what is no initial state, for addresses and for arrays.
 */
export function parseInitial(
  tokens: Tokens,
  symbols: Symbols,
): { process: number; token: Token }[] {
  const named: { process: number; token: Token }[] = [];
  while (tokens.peek().kind !== "end") {
    if (tokens.take(";")) continue;
    skipType(tokens);
    const variable = parseVariable(tokens, symbols);
    const assigned = tokens.take("=");
    const token = tokens.peek();
    const value = assigned ? parseValue(tokens, symbols) : 0;
    noteValue(symbols, variable, value, token);
    if (variable.kind === "location") symbols.initial[variable.location] = value;
    else {
      symbols.startWith(variable.process, variable.register, value);
      named.push(variable);
    }
    if (tokens.peek().kind !== "end") tokens.expect(";");
  }
  return named;
}

function parseValue(tokens: Tokens, symbols: Symbols): number {
  if (tokens.peek().kind === "number") return symbols.value(tokens, tokens.next());
  if (tokens.sees("{")) tokens.fail("arrays are not read: give each cell a location");
  if (tokens.peek().kind === "name" || tokens.sees("&")) {
    tokens.fail("addresses are not read: initial values are numbers");
  }
  return tokens.unexpected("a number");
}
