/**
 * The smallest plan that still fails in the same way: what a person needs to understand a failure.
 *
 * Everything edits plans and runs them; what a run draws is keyed by purpose, so that what an edit
 * leaves in place mostly goes as it went. First the causal past of the anomaly alone is tried, then
 * delta debugging takes away faults, clients, keys and operations, then passes make what is left
 * simpler, until none of them changes anything. At last every fault and every operation is taken
 * away in turn: the plan is minimal when none of that fails in the same way (1-minimal, Zeller and
 * Hildebrandt 2002), and the outcomes are the proof that each is needed.
 *
 * Left alone: how long the cluster settles before the final reads, and how long clients wait. With
 * less of these a correct system fails as well, and the smaller plan would show nothing.
 */

import { UsageError } from "../base/errors.js";
import type { Execution } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import type { ShrunkFrom, ShrunkMark } from "../store/case-file.js";
import { groupOf } from "../store/summary.js";
import { causalPast } from "./causal-past.js";
import { type Pass, type PassesOptions, passesFor } from "./passes.js";
import { proveMinimal, type Removal } from "./prove-minimal.js";
import { Enough, Trials } from "./trials.js";

export type { Removal } from "./prove-minimal.js";

export interface ShrinkRequest {
  plan: Plan;
  /** What must stay: see `signatureOf`. */
  signature: string;
  /** Runs a candidate. */
  execute(plan: Plan): Promise<Execution>;
  /** The cluster sizes that make sense; any when left out. */
  nodeCounts?: readonly number[];
  /** The most runs to spend; none when left out. */
  runsMax?: number;
  /** When it aborts, the best so far is the outcome. */
  signal?: AbortSignal;
  progress?(state: Progress): void;
}

export interface Progress {
  runs: number;
  faults: number;
  operations: number;
}

export interface Shrunk {
  /** The run of the smallest plan (`execution.plan`). */
  execution: Execution;
  mark: ShrunkMark;
  /** What became of the smallest plan without each of its faults and operations. */
  proof: Removal[];
  /** False when runs ran out or it was interrupted: then the plan may not be minimal. */
  complete: boolean;
  /** Candidates that failed one time and not another; only where a plan does not decide its run. */
  flaky: number;
}

/**
 * The same request gives the same outcome, where a plan decides its run.
 * @throws UsageError when the plan does not fail with that signature; whatever `execute` throws.
 */
export async function shrink(request: ShrinkRequest): Promise<Shrunk> {
  const trials = new Trials(request);
  await trials.begin(request.plan).catch((error: unknown) => {
    if (error instanceof Enough) throw new UsageError("it was stopped before the first run ended");
    throw error;
  });
  const { proof, complete } = await descend(trials, request).catch((error: unknown) => {
    if (error instanceof Enough) return { proof: [], complete: false };
    throw error;
  });
  const execution = trials.best;
  return {
    execution,
    mark: {
      group: groupOf(request.signature, execution.plan),
      from: { ...countsOf(request.plan), seed: request.plan.seed },
      runs: trials.runs,
      minimal: complete,
    },
    proof,
    complete,
    flaky: trials.flaky,
  };
}

/** @throws Enough when runs ran out or it was interrupted. */
async function descend(
  trials: Trials,
  options: PassesOptions,
): Promise<{ proof: Removal[]; complete: true }> {
  await trials.acceptsFirst(causalPast(trials.best));
  const passes = passesFor(options, trials.plan.faults);
  await passes.unused(trials);
  let tried: string | undefined;
  for (;;) {
    await untilNothingChanges(trials, passes.fewer);
    const parts = JSON.stringify(countsOf(trials.plan));
    // A real program's run costs too much, and hangs little on our seed.
    if (trials.best.exactness === "bit" && parts !== tried) {
      if (await changes(trials, passes.stubborn)) continue;
      tried = parts;
    }
    if (await changes(trials, passes.simpler)) continue;
    const proof = await proveMinimal(trials);
    if (proof !== undefined) return { proof, complete: true };
  }
}

async function untilNothingChanges(trials: Trials, passes: readonly Pass[]): Promise<void> {
  while (await changes(trials, passes));
}

/** Whether any of the passes found a smaller plan. */
async function changes(trials: Trials, passes: readonly Pass[]): Promise<boolean> {
  const before = trials.plan;
  for (const pass of passes) await pass(trials);
  return trials.plan !== before;
}

export type Counts = Omit<ShrunkFrom, "seed">;

/** The sizes that people ask about. */
export function countsOf({ nodes, clients, operations, faults }: Plan): Counts {
  return {
    nodes: nodes.length,
    clients,
    operations: operations.length,
    faults: faults.length,
  };
}
