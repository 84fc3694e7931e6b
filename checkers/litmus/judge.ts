/** What the final states of a litmus test say about its condition. */

import type { FinalState, LitmusTest, Outcomes, Proposition } from "./program.js";

/**
 * Whether the proposition holds in some but not all final states, in none, or in all of them; the
 * quantifier has no say in it.
 */
export type LitmusVerdict = "allowed" | "forbidden" | "required" | "unknown";

export interface Judgement {
  /** Distinct final states; 0 when unknown. */
  readonly states: number;
  /** Those in which the proposition holds, and the others. */
  readonly positive: number;
  readonly negative: number;
  readonly verdict: LitmusVerdict;
  /** The states by name (`x`, `0:rax`), those in which the proposition holds first. */
  readonly outcomes: readonly { readonly [name: string]: number | string }[];
  /** Why the verdict is unknown. */
  readonly reason?: string;
}

export function judge(test: LitmusTest, result: Outcomes): Judgement {
  if ("unknown" in result) {
    const { unknown: reason } = result;
    return { states: 0, positive: 0, negative: 0, verdict: "unknown", outcomes: [], reason };
  }
  const { states } = result;
  const holding = states.filter((state) => holds(test.proposition, state));
  const others = states.filter((state) => !holds(test.proposition, state));
  const verdict = holding.length === 0 ? "forbidden" : others.length === 0 ? "required" : "allowed";
  return {
    states: states.length,
    positive: holding.length,
    negative: others.length,
    verdict,
    outcomes: [...inOrder(test, holding), ...inOrder(test, others)].map((state) =>
      outcome(test, state),
    ),
  };
}

export function holds(proposition: Proposition, state: FinalState): boolean {
  switch (proposition.kind) {
    case "and":
      return proposition.parts.every((part) => holds(part, state));
    case "or":
      return proposition.parts.some((part) => holds(part, state));
    case "implies":
      return !holds(proposition.left, state) || holds(proposition.right, state);
    case "not":
      return !holds(proposition.part, state);
    case "constant":
      return proposition.holds;
    case "equals":
      return state[proposition.observed] === proposition.value;
  }
}

/** By values, so that the order of the search does not show. */
function inOrder({ values }: LitmusTest, states: readonly FinalState[]): FinalState[] {
  const numbers = values.map(Number);
  return states.toSorted((a, b) => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : numbers[a[at]!]! - numbers[b[at]!]!;
  });
}

/** Numbers where they are exact, their text beyond. */
function outcome({ observed, values }: LitmusTest, state: FinalState) {
  const entries = observed.map(({ name }, i) => {
    const text = values[state[i]!]!;
    return [bare(name), Number.isSafeInteger(Number(text)) ? Number(text) : text] as const;
  });
  return Object.fromEntries(entries);
}

/** Locations without brackets: `x`. */
export function bare(name: string): string {
  return name.startsWith("[") ? name.slice(1, -1) : name;
}
