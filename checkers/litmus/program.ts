/**
 * A litmus test: a few threads, a few locations, a condition on the final state.
 *
 * Instructions are what memory models are about and nothing more: loads, stores, moves, fences,
 * exchanges and compare-and-sets. Values are small integers that stand for the test's own (`values`),
 * because models only ever move them about.
 */

export type Architecture = "X86" | "X86_64" | "store";

/** A constant (place in `values`), or a register of the same thread. */
export type Operand =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "register"; readonly register: number };

export type Instruction =
  | { readonly op: "store"; readonly location: number; readonly value: Operand }
  | { readonly op: "load"; readonly location: number; readonly register: number }
  | { readonly op: "move"; readonly register: number; readonly value: Operand }
  | { readonly op: "fence" }
  /** Atomically: the register gets the old value, the location the register's. A full fence. */
  | { readonly op: "exchange"; readonly location: number; readonly register: number }
  /**
   * Atomically: the register gets the old value; where that is `expected`, the location gets `value`.
   * A full fence either way.
   */
  | {
      readonly op: "compare-and-set";
      readonly location: number;
      readonly register: number;
      readonly expected: Operand;
      readonly value: Operand;
    };

/** A location, or a register of a thread. */
export type Variable =
  | { readonly kind: "location"; readonly location: number }
  | { readonly kind: "register"; readonly thread: number; readonly register: number };

export type Proposition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Proposition[] }
  | { readonly kind: "implies"; readonly left: Proposition; readonly right: Proposition }
  | { readonly kind: "not"; readonly part: Proposition }
  | { readonly kind: "constant"; readonly holds: boolean }
  /** `observed` is a place in `LitmusTest.observed`; `value` a place in `values`. */
  | { readonly kind: "equals"; readonly observed: number; readonly value: number };

export type Quantifier = "exists" | "~exists" | "forall";

/** A variable of the condition or of `locations`: final states are told apart by these. */
export interface Observed {
  readonly variable: Variable;
  /** As written in the condition, in herd's spelling: `0:rax`, `[x]`. */
  readonly name: string;
}

export interface LitmusTest {
  readonly architecture: Architecture;
  readonly name: string;
  /** `key=value` lines of the header, such as Cycle. */
  readonly header: ReadonlyMap<string, string>;
  readonly locations: readonly string[];
  /** Per location its initial value, a place in `values`. */
  readonly initial: readonly number[];
  /** Per thread its instructions in program order. */
  readonly threads: readonly (readonly Instruction[])[];
  /** Per thread how many registers it has, and what they start with (places in `values`). */
  readonly registers: readonly (readonly number[])[];
  /** The values themselves, as text; place 0 is "0". */
  readonly values: readonly string[];
  readonly observed: readonly Observed[];
  readonly quantifier: Quantifier;
  readonly proposition: Proposition;
  /** The condition as written, without its quantifier's keyword being lost: `exists (0:rax=0 /\ 1:rax=0)`. */
  readonly condition: string;
}

/** A final state: per variable of `observed` its value, a place in `values`. */
export type FinalState = readonly number[];

/** All final states of a test under a model, each once, in no particular order. */
export type Outcomes = { readonly states: readonly FinalState[] } | { readonly unknown: string };

/** States of the machine, or candidate executions, before the answer is "unknown". */
export const LITMUS_STEPS_MAX = 20_000_000;

/** Enumerates every final state of a test under one model. */
export type Enumerate = (test: LitmusTest, stepsMax?: number) => Outcomes;

export const litmusModels = ["sc", "tso", "pso", "coherence", "causal-convergence"] as const;
export type LitmusModel = (typeof litmusModels)[number];
