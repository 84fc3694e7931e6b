/**
 * Runs candidates, and keeps the smallest plan that still fails in the same way.
 *
 * What a plan gave is remembered by its content, so that passes may propose what others did. Where
 * a plan decides its run, one run says what it gives. Elsewhere (programs in real processes) two
 * runs must agree, or else the third decides; a candidate whose runs disagreed counts as flaky.
 */

import { createHash } from "node:crypto";
import type { Validity } from "../../checkers/index.js";
import { UsageError } from "../base/errors.js";
import { canonical, type Json } from "../base/json.js";
import type { Execution } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import { parsePlan } from "../plan/schema.js";
import { signatureOf } from "../store/summary.js";
import { isSmaller, sizeOf } from "./size.js";

/** What a candidate gave. */
export interface Outcome {
  valid: Validity;
  signature: string | null;
}

/** Runs ran out, or it was interrupted: the best so far has to do. */
export class Enough extends Error {
  override name = "Enough";
}

export interface TrialsOptions {
  signature: string;
  execute(plan: Plan): Promise<Execution>;
  runsMax?: number;
  signal?: AbortSignal;
  progress?(state: { runs: number; faults: number; operations: number }): void;
}

/** A plan that cannot be run at all is no smaller form of a failure. */
const UNSOUND: Outcome = { valid: "unknown", signature: null };

export class Trials {
  runs = 0;
  flaky = 0;
  readonly #options: TrialsOptions;
  readonly #outcomes = new Map<string, Outcome>();
  #best: Execution | undefined;
  /** The last run that failed as it should. */
  #failing: Execution | undefined;

  constructor(options: TrialsOptions) {
    this.#options = options;
  }

  /** Runs the plan to start from. @throws UsageError when it does not fail as it should. */
  async begin(plan: Plan): Promise<void> {
    const outcome = await this.#decide(plan);
    this.#outcomes.set(keyOf(plan), outcome);
    if (!this.isSame(outcome)) throw new UsageError(this.#notTheSame(outcome));
    this.#best = this.#failing as Execution;
    this.#tell();
  }

  /** The run of the smallest plan so far. */
  get best(): Execution {
    return this.#best as Execution;
  }

  get plan(): Plan {
    return this.best.plan;
  }

  isSame({ signature }: Outcome): boolean {
    return signature === this.#options.signature;
  }

  /** Whether a smaller plan fails in the same way; then it is the best from now on. */
  async accepts(candidate: Plan): Promise<boolean> {
    if (!isSmaller(sizeOf(candidate), sizeOf(this.plan))) return false;
    const before = this.best;
    await this.outcome(candidate);
    return this.best !== before;
  }

  /** Tries candidates in turn, until one is accepted. */
  async acceptsFirst(candidates: Iterable<Plan>): Promise<boolean> {
    for (const candidate of candidates) if (await this.accepts(candidate)) return true;
    return false;
  }

  /**
   * Whether a smaller plan fails in the same way under its own seed or one of the first `seeds`:
   * what is still drawn in a run shifts with every edit, and a failure should not hang on it.
   */
  async acceptsUnderSomeSeed(candidate: Plan, seeds: number): Promise<boolean> {
    if (await this.accepts(candidate)) return true;
    const { branch: _, ...plan } = candidate;
    for (let seed = 1; seed <= seeds; seed++) {
      if (await this.accepts({ ...plan, seed })) return true;
    }
    return false;
  }

  /** What a plan gives; where it is smaller than the best and fails in the same way, it is the best. */
  async outcome(plan: Plan): Promise<Outcome> {
    const key = keyOf(plan);
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const outcome = await this.#decide(plan).catch((error: unknown) => {
      if (error instanceof UsageError) return UNSOUND;
      throw error;
    });
    this.#outcomes.set(key, outcome);
    if (this.isSame(outcome) && isSmaller(sizeOf(plan), sizeOf(this.plan))) {
      this.#best = this.#failing as Execution;
      this.#tell();
    }
    return outcome;
  }

  async #decide(plan: Plan): Promise<Outcome> {
    const first = await this.#run(plan);
    if (first.exactness === "bit") return first;
    const second = await this.#run(plan);
    if (first.signature === second.signature && first.valid === second.valid) return first;
    this.flaky++;
    const third = await this.#run(plan);
    const same = [first, second, third].filter((outcome) => this.isSame(outcome));
    if (same.length >= 2) return same[0] as Outcome;
    return [first, second, third].find((outcome) => !this.isSame(outcome)) as Outcome;
  }

  async #run(plan: Plan): Promise<Outcome & Pick<Execution, "exactness">> {
    const { execute, runsMax, signal, progress, signature } = this.#options;
    // What could not be read back as a case is no result.
    parsePlan(plan as unknown as Json, "candidate");
    if (signal?.aborted || this.runs >= (runsMax ?? Number.POSITIVE_INFINITY)) throw new Enough();
    this.runs++;
    const execution = await execute(plan);
    // A run that was cut short proves nothing.
    if (signal?.aborted) throw new Enough();
    const outcome = {
      valid: execution.valid,
      signature: signatureOf(execution.results, plan.workload),
      exactness: execution.exactness,
    };
    if (outcome.signature === signature) this.#failing = execution;
    if (this.#best !== undefined) this.#tell();
    else progress?.(stateOf(this.runs, plan));
    return outcome;
  }

  #tell(): void {
    this.#options.progress?.(stateOf(this.runs, this.plan));
  }

  #notTheSame({ valid, signature }: Outcome): string {
    const now =
      signature === null
        ? `it is ${valid === true ? "valid" : "undecided"} now`
        : `it fails as ${signature} now`;
    return `it does not fail as ${this.#options.signature}: ${now}`;
  }
}

function stateOf(
  runs: number,
  { faults, operations }: Plan,
): { runs: number; faults: number; operations: number } {
  return { runs, faults: faults.length, operations: operations.length };
}

function keyOf(plan: Plan): string {
  return createHash("sha256")
    .update(canonical(plan as unknown as Json))
    .digest("base64");
}
