/** The words of a part of a litmus test, each with its place. */

import type { LitmusText } from "./text.js";

/** `%rax` is a register, `$1` a constant, `1` a number, which some notations take for a constant. */
export type TokenKind = "number" | "constant" | "register" | "name" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Without the `%` of a register and the `$` of a constant. */
  readonly text: string;
  readonly at: number;
}

const WORD =
  /\s+|(-?(?:0[xX][\da-fA-F]+|\d+))(?![A-Za-z_])|\$(-?(?:0[xX][\da-fA-F]+|\d+))(?![A-Za-z_])|%([A-Za-z]\w*)|([A-Za-z_](?:\w|[./-](?=\w))*)|(:=|\\\/|\/\\|=>|==|!=|<>|[=~()[\]{};|,:*&+])/y;

export class Tokens {
  readonly #tokens: Token[] = [];
  #next = 0;

  constructor(
    readonly source: LitmusText,
    from: number,
    to: number,
  ) {
    const { text } = source;
    WORD.lastIndex = from;
    while (WORD.lastIndex < to) {
      const at = WORD.lastIndex;
      const hit = WORD.exec(text);
      if (hit === null) source.fail(at, `"${text[at]}" has no meaning here: take it out`);
      const [, number, constant, register, name, symbol] = hit;
      if (number !== undefined) this.#tokens.push({ kind: "number", text: number, at });
      else if (constant !== undefined) this.#tokens.push({ kind: "constant", text: constant, at });
      else if (register !== undefined) this.#tokens.push({ kind: "register", text: register, at });
      else if (name !== undefined) this.#tokens.push({ kind: "name", text: name, at });
      else if (symbol !== undefined) this.#tokens.push({ kind: "symbol", text: symbol, at });
    }
    this.#tokens.push({ kind: "end", text: "the end", at: to });
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Whether the next word is this one; numbers and registers never are. */
  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === "symbol" || token.kind === "name");
  }

  /** Takes the next word if it is this one. */
  take(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.#next++;
    return seen;
  }

  /** @throws LitmusError when the next word is another. */
  expect(text: string): Token {
    return this.sees(text) ? this.next() : this.unexpected(text);
  }

  /** @throws LitmusError when the next word is of another kind. */
  expectKind(kind: TokenKind, what: string): Token {
    return this.peek().kind === kind ? this.next() : this.unexpected(what);
  }

  /** @throws LitmusError always. */
  unexpected(wanted: string): never {
    const { kind, text } = this.peek();
    return this.fail(`expected ${wanted}, not ${kind === "end" ? text : `"${text}"`}`);
  }

  /** @throws LitmusError always: about the next word, or about the given one. */
  fail(what: string, { at }: Token = this.peek()): never {
    return this.source.fail(at, what);
  }
}
