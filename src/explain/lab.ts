/** Runs edited plans, counts them, and says in one word what became of each. */

import type { Validity } from "../../checkers/index.js";
import { type ExecuteOptions, type Execution, execute } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import { signatureOf } from "../store/summary.js";

export interface Outcome {
  valid: Validity;
  /** Of the first anomaly; null when there is none. */
  signature: string | null;
}

/** Thrown between two runs once the explanation is interrupted. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

export interface LabOptions {
  /** How plans are hosted. */
  hosting: ExecuteOptions;
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

  get hosting(): ExecuteOptions {
    return this.#options.hosting;
  }

  /** @throws Interrupted instead of beginning another run. */
  async run(plan: Plan): Promise<Execution> {
    if (this.#options.signal?.aborted) throw new Interrupted("interrupted");
    return this.#run(plan, false);
  }

  /** A run with its trace, even when interrupted: what is known already shall be told whole. */
  finish(plan: Plan): Promise<Execution> {
    return this.#run(plan, true);
  }

  async #run(plan: Plan, record: boolean): Promise<Execution> {
    const execution = await execute(plan, { ...this.#options.hosting, record });
    this.#options.ran?.(++this.#runs);
    return execution;
  }

  async outcome(plan: Plan): Promise<Outcome> {
    return outcomeOf(await this.run(plan));
  }

  async passes(plan: Plan): Promise<boolean> {
    return (await this.run(plan)).valid === true;
  }
}

export function outcomeOf({ valid, results, plan }: Execution): Outcome {
  return { valid, signature: signatureOf(results, plan.workload) };
}
