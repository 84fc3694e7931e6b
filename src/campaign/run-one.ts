/** One run of a campaign, from request to the few facts that the campaign keeps. */

import type { Validity, Verdict } from "../../checkers/index.js";
import type { InstanceNotes } from "../../checkers/litmus/instances/index.js";
import { strategies } from "../../strategies/index.js";
import { execute } from "../controller/index.js";
import type { Exactness } from "../sim/host.js";
import type { TraceRecord } from "../sim/trace.js";
import { formatCase } from "../store/run-dir.js";
import { expectedOf } from "../store/summary.js";
import { featuresOf } from "./features.js";
import type { RunSpec, Workshop } from "./prepare.js";

/** What is kept of a run; small, since it crosses from a worker. */
export interface RunReport {
  valid: Validity;
  exactness: Exactness;
  traceHash: string;
  historyHash: string;
  workload: string;
  nemesis: string[];
  signature: string | null;
  anomalies: string[];
  /** One line for people: the first anomaly, or why the verdict is unknown. */
  headline: string;
  probes: { [name: string]: number };
  /** How long the run was, in virtual time. */
  virtualUs: number;
  /** The checkers that could not decide, where that is the verdict. */
  undecided?: string[];
  /** What it reached, for strategies that learn from it. */
  features?: number[];
  /** What became of the instances of a litmus test. */
  litmus?: InstanceNotes;
  /** The case document of a failing run. */
  caseText?: string;
}

/** What a run did, event by event. */
export interface Recording {
  exactness: Exactness;
  trace: TraceRecord[];
}

/** @throws UsageError for an impossible request; anything else thrown is the harness's own failure. */
export async function runOne(spec: RunSpec, workshop: Workshop): Promise<RunReport> {
  const plan = await workshop.plan(spec);
  const execution = await execute(plan, await workshop.options(plan));
  const { valid, exactness, results, probes, virtualUs } = execution;
  const { signature, anomalies, traceHash, historyHash } = expectedOf(execution);
  const verdicts = Object.values(results);
  const headline =
    verdicts.flatMap((verdict) => verdict.anomalies)[0]?.message ??
    verdicts.find((verdict) => verdict.valid === "unknown")?.reason ??
    "";
  return {
    valid,
    exactness,
    traceHash,
    historyHash,
    workload: plan.workload,
    nemesis: plan.nemesis,
    signature,
    anomalies,
    headline,
    probes,
    virtualUs,
    ...(valid === "unknown" ? { undecided: undecidedIn(results) } : {}),
    ...(strategies.get(spec.strategy ?? "")?.guided ? { features: featuresOf(execution) } : {}),
    ...(plan.workload === "litmus" ? { litmus: results["litmus"]?.notes as InstanceNotes } : {}),
    ...(valid === false ? { caseText: formatCase(execution) } : {}),
  };
}

function undecidedIn(results: { [checker: string]: Verdict }): string[] {
  return Object.keys(results).filter((name) => results[name]?.valid === "unknown");
}

/** The same run with its trace. @throws UsageError as `runOne` does. */
export async function recordOne(spec: RunSpec, workshop: Workshop): Promise<Recording> {
  const plan = await workshop.plan(spec);
  const options = { ...(await workshop.options(plan)), record: true };
  const { exactness, trace = [] } = await execute(plan, options);
  return { exactness, trace };
}
