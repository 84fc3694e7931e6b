/** A run in one JSON document: what `run --json` and `replay --json` print, and results.json keeps. */

import type { Anomaly, Validity, Verdict } from "../../checkers/index.js";
import type { History } from "../../histories/index.js";
import type { Execution } from "../controller/index.js";
import type { Plan, Swarm } from "../plan/plan.js";
import type { Exactness } from "../sim/host.js";
import type { Expected } from "./case-file.js";

export interface Summary {
  system: string;
  workload: string;
  nemesis: string[];
  /** Rates and mix, where they were drawn or asked for; null where all was as usual. */
  swarm: Swarm | null;
  seed: number;
  nodes: number;
  exactness: Exactness;
  valid: Validity;
  traceHash: string;
  historyHash: string;
  ops: { invoke: number; ok: number; fail: number; info: number };
  faults: number;
  virtualMs: number;
  wallMs: number;
  results: { [checker: string]: Verdict };
  probes: { [name: string]: number };
  /** Where the run was kept; null when it was not. */
  dir: string | null;
}

export function summarize(execution: Execution, wallMs: number, dir: string | null): Summary {
  const { plan } = execution;
  return {
    system: plan.bin ?? plan.system,
    workload: plan.workload,
    nemesis: plan.nemesis,
    swarm: plan.swarm ?? null,
    seed: plan.seed,
    nodes: plan.nodes.length,
    exactness: execution.exactness,
    valid: execution.valid,
    traceHash: execution.traceHash,
    historyHash: execution.historyHash,
    ops: countOperations(execution.history),
    faults: plan.faults.length,
    virtualMs: Math.round(execution.virtualUs / 1000),
    wallMs: Math.round(wallMs),
    results: execution.results,
    probes: execution.probes,
    dir,
  };
}

/** What a case promises of an execution. */
export function expectedOf(execution: Execution): Expected {
  const { valid, exactness, traceHash, historyHash, checkpoints, results, plan } = execution;
  const anomalies = anomaliesOf(results).map(({ anomaly }) => anomaly.type);
  return {
    valid,
    exactness,
    signature: signatureOf(results, plan.workload),
    anomalies: [...new Set(anomalies)].sort(),
    traceHash,
    historyHash,
    checkpoints,
  };
}

/** checker/property/anomaly of the first anomaly: what groups failures, and what shrinking keeps. */
export function signatureOf(results: Execution["results"], workload: string): string | null {
  const first = anomaliesOf(results)[0];
  return first === undefined ? null : `${first.checker}/${workload}/${first.anomaly.type}`;
}

/** What failures are counted as one by: how it fails, and the kinds of fault that it needs. */
export function groupOf(signature: string, plan: Plan): string {
  const kinds = [...new Set(plan.faults.map(({ kind }) => kind))].sort();
  return `${signature}+${kinds.join("+") || "no-fault"}`;
}

/** All anomalies with the checkers that found them, in the order of the checkers. */
export function anomaliesOf(
  results: Execution["results"],
): { checker: string; anomaly: Anomaly }[] {
  return Object.entries(results).flatMap(([checker, { anomalies }]) =>
    anomalies.map((anomaly) => ({ checker, anomaly })),
  );
}

/** The workload's own operations: the final reads, which the harness adds, do not count. */
function countOperations({ operations }: History): Summary["ops"] {
  const own = operations.filter(({ final }) => !final);
  const of = (outcome: string): number => own.filter((op) => op.outcome === outcome).length;
  return { invoke: own.length, ok: of("ok"), fail: of("fail"), info: of("info") };
}
