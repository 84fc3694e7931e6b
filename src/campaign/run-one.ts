/** One run of a campaign, from request to the few facts that the campaign keeps. */

import type { Validity } from "../../checkers/index.js";
import type { InstanceNotes } from "../../checkers/litmus/instances/index.js";
import { execute } from "../controller/index.js";
import { formatCase } from "../store/run-dir.js";
import { expectedOf } from "../store/summary.js";
import type { RunSpec, Workshop } from "./prepare.js";

/** What is kept of a run; small, since it crosses from a worker. */
export interface RunReport {
  valid: Validity;
  traceHash: string;
  workload: string;
  nemesis: string[];
  signature: string | null;
  anomalies: string[];
  /** One line for people: the first anomaly, or why the verdict is unknown. */
  headline: string;
  probes: { [name: string]: number };
  /** What became of the instances of a litmus test. */
  litmus?: InstanceNotes;
  /** The case document of a failing run. */
  caseText?: string;
}

/** @throws UsageError for an impossible request; anything else thrown is the harness's own failure. */
export async function runOne(spec: RunSpec, workshop: Workshop): Promise<RunReport> {
  const plan = await workshop.plan(spec);
  const execution = await execute(plan, await workshop.options(plan));
  const { valid, results, probes } = execution;
  const { signature, anomalies, traceHash } = expectedOf(execution);
  const verdicts = Object.values(results);
  const headline =
    verdicts.flatMap((verdict) => verdict.anomalies)[0]?.message ??
    verdicts.find((verdict) => verdict.valid === "unknown")?.reason ??
    "";
  return {
    valid,
    traceHash,
    workload: plan.workload,
    nemesis: plan.nemesis,
    signature,
    anomalies,
    headline,
    probes,
    ...(plan.workload === "litmus" ? { litmus: results["litmus"]?.notes as InstanceNotes } : {}),
    ...(valid === false ? { caseText: formatCase(execution) } : {}),
  };
}
