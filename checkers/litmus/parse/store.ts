/**
 * The notation for stores: `x := 1` or `w(x, 1)` writes, `r0 := x` or `r0 = r(x)` reads,
 * `r0 := cas(x, 0, 1)` and `r0 := swap(x, 1)` give the old value, `fence` is a full barrier.
 * `r` and digits is a register of its thread, any other name a location (a key).
 */

import type { Instruction, Operand } from "../program.js";
import type { Symbols } from "./symbols.js";
import type { Token, Tokens } from "./tokens.js";

const REGISTER = /^r\d+$/;

/** One statement, which may take two instructions. @throws LitmusError for what is none. */
export function parseStore(tokens: Tokens, symbols: Symbols, process: number): Instruction[] {
  const reader = new StatementReader(tokens, symbols, process);
  const token = tokens.expectKind("name", "a statement such as x := 1, r0 := x or fence");
  if (token.text === "fence") return [{ op: "fence" }];
  if (tokens.sees("(")) {
    if (token.text !== "w") {
      const only = 'only w(x, 1) stands alone: read into a register, as in "r0 := x"';
      tokens.fail(`"${token.text}(…)" is no statement: ${only}`, token);
    }
    return [reader.write()];
  }
  if (!tokens.take(":=")) tokens.expect("=");
  return REGISTER.test(token.text)
    ? reader.intoRegister(symbols.register(process, token.text))
    : [{ op: "store", location: symbols.location(token.text), value: reader.operand() }];
}

class StatementReader {
  constructor(
    readonly tokens: Tokens,
    readonly symbols: Symbols,
    readonly process: number,
  ) {}

  /** After `w`. */
  write(): Instruction {
    this.tokens.expect("(");
    const location = this.#location();
    this.tokens.expect(",");
    const value = this.operand();
    this.tokens.expect(")");
    return { op: "store", location, value };
  }

  /** After `r0 :=`. */
  intoRegister(register: number): Instruction[] {
    const { tokens } = this;
    const name = tokens.peek();
    if (name.kind === "name" && tokens.sees("(", 1)) {
      tokens.next();
      return this.#call(name, register);
    }
    if (name.kind === "name" && !REGISTER.test(name.text)) {
      return [{ op: "load", location: this.#location(), register }];
    }
    return [{ op: "move", register, value: this.operand() }];
  }

  /** A number, or a register of this thread. */
  operand(): Operand {
    const { tokens, symbols, process } = this;
    const token = tokens.next();
    if (token.kind === "number") return { kind: "constant", value: symbols.value(tokens, token) };
    if (token.kind === "name" && REGISTER.test(token.text)) {
      return { kind: "register", register: symbols.register(process, token.text) };
    }
    return tokens.fail(
      `expected a number or a register such as r0, not "${token.text}": read locations into registers`,
      token,
    );
  }

  #call(name: Token, register: number): Instruction[] {
    const { tokens } = this;
    tokens.expect("(");
    const location = this.#location();
    const instructions = this.#called(name, location, register);
    tokens.expect(")");
    return instructions;
  }

  #called(name: Token, location: number, register: number): Instruction[] {
    if (name.text === "r") return [{ op: "load", location, register }];
    if (name.text === "swap") {
      const value = this.#argument();
      return [
        { op: "move", register, value },
        { op: "exchange", location, register },
      ];
    }
    if (name.text !== "cas") {
      return this.tokens.fail(`"${name.text}(…)" is not read: r, cas and swap are`, name);
    }
    const expected = this.#argument();
    const value = this.#argument();
    return [{ op: "compare-and-set", location, register, expected, value }];
  }

  #argument(): Operand {
    this.tokens.expect(",");
    return this.operand();
  }

  #location(): number {
    const token = this.tokens.expectKind("name", "a location");
    if (REGISTER.test(token.text)) {
      this.tokens.fail(`"${token.text}" is a register: name a location, such as x`, token);
    }
    return this.symbols.location(token.text);
  }
}
