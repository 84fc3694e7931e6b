/**
 * Whether moving values whole, as models do, is exact for the widths that a test's instructions have.
 *
 * Variables between which values move belong together. It is exact for them when each of their values
 * is the same in all widths in use there, or when there is one width only that tells all of them
 * apart: of 32 bits at least where registers are among them, since narrower ones leave a part of a
 * register as it was.
 */

import type { Variable } from "../program.js";
import type { Width } from "./registers.js";
import type { Token, Tokens } from "./tokens.js";

interface Group {
  readonly widths: Set<Width>;
  /** Each with the place where it was met. */
  readonly values: Map<string, Token | undefined>;
  hasRegister: boolean;
}

export class Widths {
  readonly #groups = new Map<string, Group>();

  /** Values move between these, in this width if one is given. */
  connect(variables: readonly Variable[], width?: Width): void {
    const [first, ...others] = variables;
    if (first === undefined) return;
    const group = this.#of(first);
    if (width !== undefined) group.widths.add(width);
    for (const other of others) this.#unite(group, this.#of(other));
  }

  /** The variable gets this value, or is compared with it. */
  value(variable: Variable, text: string, token: Token): void {
    const { values } = this.#of(variable);
    if (!values.has(text)) values.set(text, token);
  }

  /** @throws LitmusError naming a value that is not the same for all. */
  check(tokens: Tokens): void {
    for (const { widths, values, hasRegister } of new Set(this.#groups.values())) {
      if (widths.size === 0) continue;
      const narrowest = Math.min(...widths);
      const half = 2 ** (narrowest - 1);
      const odd = [...values].find(([text]) => !(Number(text) >= 0 && Number(text) < half));
      if (odd === undefined) continue;
      const mixed = widths.size > 1 || (narrowest < 32 && hasRegister);
      const cut = new Set(
        [...values.keys()].map((text) => BigInt.asUintN(narrowest, BigInt(text))),
      );
      if (!mixed && cut.size === values.size) continue;
      const hint = mixed ? "use one width, of 32 or 64 bits" : "write equal values alike";
      tokens.fail(`${odd[0]} is another value when cut to ${narrowest} bits: ${hint}`, odd[1]);
    }
  }

  #of(variable: Variable): Group {
    const key =
      variable.kind === "location"
        ? `${variable.location}`
        : `${variable.thread}:${variable.register}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const hasRegister = variable.kind === "register";
    // All start with 0 unless they are told otherwise.
    const fresh: Group = { widths: new Set(), values: new Map([["0", undefined]]), hasRegister };
    this.#groups.set(key, fresh);
    return fresh;
  }

  #unite(into: Group, other: Group): void {
    if (into === other) return;
    for (const width of other.widths) into.widths.add(width);
    for (const [text, token] of other.values) {
      if (!into.values.has(text)) into.values.set(text, token);
    }
    into.hasRegister ||= other.hasRegister;
    for (const [key, group] of this.#groups) if (group === other) this.#groups.set(key, into);
  }
}
