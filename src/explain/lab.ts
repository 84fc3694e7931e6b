/** Runs edited plans, counts them, and says in one word what became of each. */

import type { Validity } from "../../checkers/index.js";
import { type ExecuteOptions, type Execution, execute } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import { signatureOf } from "../store/summary.js";

export interface Outcome {
  valid: Validity;
  /** Of the first anomaly; null when there is none. */
  signature: string | null;
  /**
   * Whether the anomaly is gone and no other has come: no checker complains, and the one that did
   * accepts. Others may be undecided, as they are of a run without operations.
   */
  passes: boolean;
  /**
   * Whether the checker that found the anomaly finds one here. What it calls it may depend on what
   * came later; that it complains does not, once a history is wrong.
   */
  fails: boolean;
}

/** Thrown between two runs once the explanation is interrupted. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

export interface LabOptions {
  /** How plans are hosted. */
  hosting: ExecuteOptions;
  /** Whose anomaly is explained. */
  checker: string;
  signal?: AbortSignal | undefined;
  /** Told after each run. */
  ran?: ((runs: number) => void) | undefined;
}

export class Lab {
  readonly #options: LabOptions;
  #runs = 0;

  constructor(options: LabOptions) {
    this.#options = options;
  }

  get runs(): number {
    return this.#runs;
  }

  /** @throws Interrupted instead of beginning another run. */
  async run(plan: Plan): Promise<Execution> {
    if (this.#options.signal?.aborted) throw new Interrupted("interrupted");
    return this.#run(plan, false);
  }

  /** A run with its trace, even when interrupted: what is known already shall be told whole. */
  recorded(plan: Plan): Promise<Execution> {
    return this.#run(plan, true);
  }

  async #run(plan: Plan, record: boolean): Promise<Execution> {
    const execution = await execute(plan, { ...this.#options.hosting, record });
    this.#options.ran?.(++this.#runs);
    return execution;
  }

  async outcome(plan: Plan): Promise<Outcome> {
    const { valid, results } = await this.run(plan);
    const verdict = results[this.#options.checker]?.valid;
    const signature = signatureOf(results, plan.workload);
    const passes = valid !== false && verdict === true;
    return { valid, signature, passes, fails: verdict === false };
  }

  async passes(plan: Plan): Promise<boolean> {
    return (await this.outcome(plan)).passes;
  }
}
