/**
 * Many runs: seeds x systems x workloads under one set of nemeses, judged, counted, and every
 * failure kept as a case.
 *
 * Whatever the number of jobs, the outcome is that of running one after the other: results are
 * taken in order of (seed, system, workload), and with a limit on failures the campaign ends, for
 * the counts and hashes too, at the run that reached it.
 */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileStem, freeName, writeText } from "../store/files.js";
import type { Pool, RunOutcome } from "./pool.js";
import type { RunSpec } from "./prepare.js";

export interface CampaignRequest {
  /** How many runs there are, and each of them by its place in the order in which they count. */
  count: number;
  run(ordinal: number): RunSpec;
  /** Failing runs are kept here as case files. */
  out: string;
  maxFailures?: number;
  /** Probes that ought to fire sometimes: those that never did are listed. */
  probes: readonly string[];
  /** Told after every run taken in. */
  progress?(state: { done: number; failures: number }): void;
  /** When it aborts, no further run begins; what is known is the outcome. */
  signal?: AbortSignal;
}

export interface Failure {
  seed: number;
  system: string;
  workload: string;
  nemesis: string[];
  signature: string;
  /** Signature and the kinds of fault that are left after shrinking; null until shrunk. */
  group: string | null;
  anomalies: string[];
  /** Path of the case file, from the current directory. */
  case: string;
}

export interface CampaignOutcome {
  runs: number;
  valid: number;
  invalid: number;
  unknown: number;
  /** Runs that the harness itself broke: never counted as valid. */
  broken: number;
  /** Digest of every run's trace hash, in order. */
  hash: string;
  failures: Failure[];
  harnessFailures: { seed: number; system: string; reason: string }[];
  /** Runs that a checker could not decide, with its reason. */
  undecided: { seed: number; system: string; workload: string; reason: string }[];
  probes: { hit: { [name: string]: number }; unhit: string[] };
  /** The first line about each failure, by case, for people. */
  headlines: { [caseFile: string]: string };
  interrupted: boolean;
}

export async function runCampaign(request: CampaignRequest, pool: Pool): Promise<CampaignOutcome> {
  const ledger = new Ledger(request);
  const { count, signal } = request;
  const landed = new Map<number, RunOutcome>();
  let next = 0;
  let taken = 0;
  const lane = async (): Promise<void> => {
    while (next < count && !ledger.full && signal?.aborted !== true) {
      const ordinal = next++;
      landed.set(ordinal, await pool.run(request.run(ordinal)));
      for (
        let ready = landed.get(taken);
        ready !== undefined && !ledger.full;
        ready = landed.get(taken)
      ) {
        landed.delete(taken);
        ledger.take(request.run(taken), ready);
        taken++;
        request.progress?.({ done: taken, failures: ledger.outcome.failures.length });
      }
    }
  };
  await Promise.all(Array.from({ length: pool.jobs * 2 }, lane));
  return ledger.close(signal?.aborted === true);
}

/** Takes outcomes in, one after the other. */
class Ledger {
  readonly outcome: CampaignOutcome = {
    runs: 0,
    valid: 0,
    invalid: 0,
    unknown: 0,
    broken: 0,
    hash: "",
    failures: [],
    harnessFailures: [],
    undecided: [],
    probes: { hit: {}, unhit: [] },
    headlines: {},
    interrupted: false,
  };
  readonly #request: CampaignRequest;
  readonly #hash = createHash("sha256");

  constructor(request: CampaignRequest) {
    this.#request = request;
  }

  get full(): boolean {
    return this.outcome.failures.length >= (this.#request.maxFailures ?? Number.POSITIVE_INFINITY);
  }

  take(spec: RunSpec, result: RunOutcome): void {
    const { outcome } = this;
    const about = { seed: spec.seed, system: spec.bin ?? spec.system };
    outcome.runs++;
    if ("broken" in result) {
      outcome.broken++;
      outcome.harnessFailures.push({ ...about, reason: result.broken });
      this.#hash.update("broken\n");
      return;
    }
    const { report } = result;
    this.#hash.update(`${report.traceHash}\n`);
    for (const [name, hits] of Object.entries(report.probes)) {
      outcome.probes.hit[name] = (outcome.probes.hit[name] ?? 0) + hits;
    }
    if (report.valid === true) outcome.valid++;
    else if (report.valid === "unknown") {
      outcome.unknown++;
      outcome.undecided.push({ ...about, workload: report.workload, reason: report.headline });
    } else {
      outcome.invalid++;
      const file = this.#keep(spec, report.workload, report.caseText as string);
      outcome.headlines[file] = report.headline;
      outcome.failures.push({
        ...about,
        workload: report.workload,
        nemesis: report.nemesis,
        signature: report.signature as string,
        group: null,
        anomalies: report.anomalies,
        case: file,
      });
    }
  }

  close(interrupted: boolean): CampaignOutcome {
    const { hit } = this.outcome.probes;
    this.outcome.probes.unhit = this.#request.probes.filter((name) => !(name in hit));
    this.outcome.interrupted = interrupted;
    this.outcome.hash = this.#hash.digest("hex").slice(0, 32);
    return this.outcome;
  }

  /** The same failure found again keeps its file; a different one of that name gets a new one. */
  #keep(spec: RunSpec, workload: string, text: string): string {
    const stem = `${spec.bin === undefined ? fileStem(spec.system) : "bin"}-${workload}-seed${spec.seed}`;
    const folder = join(this.#request.out, "cases");
    const usual = join(folder, `${stem}.json`);
    const same = existsSync(usual) && readFileSync(usual, "utf8") === text;
    const file = same ? usual : freeName(folder, stem, ".json");
    if (!same) writeText(file, text);
    return relative(process.cwd(), file);
  }
}
