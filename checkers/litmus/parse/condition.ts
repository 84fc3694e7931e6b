/**
 * What comes after the program: `locations [x; 0:rax;]`, then `exists`, `~exists`, `forall`, `final`
 * or nothing before a proposition. As in herd, `=>` binds tighter than `/\`, and that tighter than
 * `\/`. An empty condition is `forall true`. `with` clauses are for other tools and left aside;
 * a `filter` would change which states count, and is refused.
 */

import type { Observed, Proposition, Quantifier, Variable } from "../program.js";
import type { Symbols } from "./symbols.js";
import type { Tokens } from "./tokens.js";
import { type Named, noteValue, parseVariable } from "./variables.js";

export interface Condition {
  readonly observed: readonly Observed[];
  readonly quantifier: Quantifier;
  readonly proposition: Proposition;
  readonly condition: string;
}

/** Parentheses and negations within each other; what is deeper was not written by hand. */
const DEPTH_MAX = 1000;

const OPENERS = ["locations", "filter", "exists", "forall", "final", "observed", "with"];

/** Whether a condition begins here, instead of a row of the program. */
export function atCondition(tokens: Tokens): boolean {
  const { kind } = tokens.peek();
  if (kind === "end") return true;
  if (tokens.sees(":", 1)) return false;
  return ["~", "not", "(", ...OPENERS].some((opener) => tokens.sees(opener));
}

/** @throws LitmusError for what is no condition, and for filters. */
export function parseCondition(tokens: Tokens, symbols: Symbols): Condition {
  const reader = new ConditionReader(tokens, symbols);
  if (tokens.take("locations")) reader.locations();
  if (tokens.sees("filter")) {
    tokens.fail("a filter is not applied: state it in the condition instead");
  }
  const quantifier = quantifierOf(tokens);
  if (quantifier === undefined) {
    finish(tokens);
    const proposition: Proposition = { kind: "constant", holds: true };
    return {
      observed: reader.observed,
      quantifier: "forall",
      proposition,
      condition: "forall (true)",
    };
  }
  const from = tokens.peek().at;
  const proposition = reader.disjunction(0);
  const to = tokens.peek().at;
  finish(tokens);
  const text = tokens.source.text.slice(from, to).replace(/\s+/g, " ").trim();
  return {
    observed: reader.observed,
    quantifier,
    proposition,
    condition: `${quantifier} ${text}`,
  };
}

function quantifierOf(tokens: Tokens): Quantifier | undefined {
  if (tokens.sees("observed")) {
    tokens.fail("lists of observed states are not read: write exists and a proposition");
  }
  if (tokens.take("forall")) return "forall";
  if (tokens.take("exists") || tokens.take("final") || tokens.sees("(")) return "exists";
  if (!tokens.take("~") && !tokens.take("not")) return undefined;
  tokens.expect("exists");
  return "~exists";
}

/** Nothing but semicolons and what is for other tools may follow. */
function finish(tokens: Tokens): void {
  while (tokens.take(";"));
  if (tokens.sees("with") || tokens.peek().kind === "end") return;
  tokens.unexpected("/\\, \\/ or the end of the condition");
}

class ConditionReader {
  readonly observed: Observed[] = [];
  readonly #places = new Map<string, number>();

  constructor(
    readonly tokens: Tokens,
    readonly symbols: Symbols,
  ) {}

  locations(): void {
    const { tokens } = this;
    tokens.expect("[");
    while (!tokens.take("]")) {
      if (tokens.take(";")) continue;
      this.#observe(parseVariable(tokens, this.symbols));
      // Types stand after the variable here.
      while (tokens.peek().kind === "name" || tokens.sees("*")) tokens.next();
      if (!tokens.sees("]")) tokens.expect(";");
    }
  }

  disjunction(depth: number): Proposition {
    const parts = [this.#conjunction(depth)];
    while (this.tokens.take("\\/")) parts.push(this.#conjunction(depth));
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }

  #conjunction(depth: number): Proposition {
    const parts = [this.#implication(depth)];
    while (this.tokens.take("/\\")) parts.push(this.#implication(depth));
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }

  #implication(depth: number): Proposition {
    const left = this.#factor(depth);
    if (!this.tokens.take("=>")) return left;
    return { kind: "implies", left, right: this.#implication(this.#deeper(depth)) };
  }

  #factor(depth: number): Proposition {
    const { tokens } = this;
    if (tokens.take("~") || tokens.take("not")) {
      return { kind: "not", part: this.#factor(this.#deeper(depth)) };
    }
    if (tokens.take("(")) {
      const inner = this.disjunction(this.#deeper(depth));
      tokens.expect(")");
      return inner;
    }
    if (tokens.take("true")) return { kind: "constant", holds: true };
    if (tokens.take("false")) return { kind: "constant", holds: false };
    return this.#atom();
  }

  #deeper(depth: number): number {
    if (depth >= DEPTH_MAX) this.tokens.fail(`nested deeper than ${DEPTH_MAX}: write it flatter`);
    return depth + 1;
  }

  #atom(): Proposition {
    const { tokens } = this;
    const named = parseVariable(tokens, this.symbols);
    const observed = this.#observe(named);
    const differs = tokens.take("!=") || tokens.take("<>");
    if (!differs && !tokens.take("==")) tokens.expect("=");
    if (tokens.peek().kind !== "number" || tokens.sees(":", 1)) {
      tokens.fail("a variable is compared to a number only: name each value");
    }
    const token = tokens.next();
    const value = this.symbols.value(tokens, token);
    noteValue(this.symbols, named, value, token);
    const equals: Proposition = { kind: "equals", observed, value };
    return differs ? { kind: "not", part: equals } : equals;
  }

  /** The place of a variable among those that are observed. */
  #observe(named: Named): number {
    const { tokens, symbols } = this;
    const variable: Variable =
      named.kind === "location"
        ? { kind: "location", location: named.location }
        : {
            kind: "register",
            thread: symbols.column(tokens, named.process, named.token),
            register: named.register,
          };
    // Two widths of one register are one variable, under the name that came first.
    const key =
      variable.kind === "location"
        ? `${variable.location}`
        : `${variable.thread}:${variable.register}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.observed.length);
    return this.observed.push({ variable, name: named.name }) - 1;
  }
}
