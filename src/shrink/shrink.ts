/** The smallest plan that still fails in the same way. */

import type { Validity } from "../../checkers/index.js";
import type { Execution } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import type { ShrunkMark } from "../store/case-file.js";

export interface ShrinkRequest {
  plan: Plan;
  /** What must stay: see `signatureOf`. */
  signature: string;
  /** Runs a candidate. */
  execute(plan: Plan): Promise<Execution>;
  /** The most runs to spend; none when left out. */
  runsMax?: number;
  /** When it aborts, the best so far is the outcome. */
  signal?: AbortSignal;
  progress?(state: { runs: number; faults: number; operations: number }): void;
}

export interface Shrunk {
  /** The run of the smallest plan (`execution.plan`). */
  execution: Execution;
  mark: ShrunkMark;
  /** What became of the smallest plan without each of its faults and operations. */
  proof: Removal[];
  /** False when runs ran out or it was interrupted: then the plan may not be minimal. */
  complete: boolean;
}

export interface Removal {
  what: "fault" | "operation";
  id: number;
  /** The verdict without it. */
  valid: Validity;
  /** How it failed instead, when it failed in another way. */
  signature: string | null;
}
