/**
 * The books of a campaign: takes runs in, one after the other in their order, and says when there
 * have been enough failures. The same entries in the same order give the same outcome, whether they
 * come from workers or from journals.
 */

import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import type { Validity } from "../../checkers/index.js";
import { assert } from "../base/errors.js";

/** What is kept of a run: a line of a journal. */
export interface Entry {
  /** Its place in the order in which runs count. */
  ordinal: number;
  seed: number;
  system: string;
  workload: string;
  nemesis: string[];
  /** Left out when the harness has no verdict. */
  valid?: Validity;
  traceHash: string;
  signature: string | null;
  anomalies: string[];
  headline: string;
  probes: { [name: string]: number };
  /** Its file below the campaign's --out. */
  case?: string;
  /** Why the harness has no verdict, or one that cannot be trusted. */
  broken?: string;
  /** It was carried out twice. */
  audited?: true;
  /** What a guided campaign learns from it. */
  features?: number[];
  /** Real time since the campaign began. */
  atMs: number;
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

export interface HarnessFailure {
  seed: number;
  system: string;
  workload: string;
  reason: string;
  /** Where a run failed, but not twice in the same way. */
  case?: string;
}

export interface CampaignOutcome {
  runs: number;
  valid: number;
  invalid: number;
  unknown: number;
  /** Runs that the harness itself broke: never counted as valid. */
  broken: number;
  /** Runs that were carried out twice. */
  audited: number;
  /** Digest of every run's trace hash, in order. */
  hash: string;
  failures: Failure[];
  harnessFailures: HarnessFailure[];
  /** Runs that a checker could not decide, with its reason. */
  undecided: { seed: number; system: string; workload: string; reason: string }[];
  probes: { hit: { [name: string]: number }; unhit: string[] };
  /** The first line about each failure, by case, for people. */
  headlines: { [caseFile: string]: string };
  interrupted: boolean;
  /** Why the campaign could not go on, in a line. */
  stopped?: string;
}

export interface LedgerOptions {
  /** Probes that ought to fire sometimes: those that never did are listed. */
  probes: readonly string[];
  /** With so many failures it is full. */
  maxFailures?: number;
  /** With the first run that fails or breaks it is full. */
  untilFailure?: boolean;
}

export class Ledger {
  readonly outcome: CampaignOutcome = {
    runs: 0,
    valid: 0,
    invalid: 0,
    unknown: 0,
    broken: 0,
    audited: 0,
    hash: "",
    failures: [],
    harnessFailures: [],
    undecided: [],
    probes: { hit: {}, unhit: [] },
    headlines: {},
    interrupted: false,
  };
  readonly #options: LedgerOptions;
  readonly #hash = createHash("sha256");

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Nothing that comes later counts. */
  get full(): boolean {
    const { failures, broken } = this.outcome;
    const { maxFailures = Number.POSITIVE_INFINITY, untilFailure = false } = this.#options;
    return failures.length >= maxFailures || (untilFailure && failures.length + broken > 0);
  }

  /** `out`: the folder that the entry's case lies below. */
  take(entry: Entry, out: string): void {
    const { outcome } = this;
    const { seed, system, workload, signature } = entry;
    outcome.runs++;
    if (entry.audited) outcome.audited++;
    this.#hash.update(entry.valid === undefined ? "broken\n" : `${entry.traceHash}\n`);
    for (const [name, hits] of Object.entries(entry.probes)) {
      outcome.probes.hit[name] = (outcome.probes.hit[name] ?? 0) + hits;
    }
    const file = entry.case === undefined ? {} : { case: pathOf(join(out, entry.case)) };
    if (entry.broken !== undefined) {
      outcome.broken++;
      outcome.harnessFailures.push({ seed, system, workload, reason: entry.broken, ...file });
    } else if (entry.valid === true) {
      outcome.valid++;
    } else if (entry.valid === "unknown") {
      outcome.unknown++;
      outcome.undecided.push({ seed, system, workload, reason: entry.headline });
    } else {
      assert(file.case !== undefined && signature !== null, "a failing run has a case");
      outcome.invalid++;
      outcome.headlines[file.case] = entry.headline;
      const { nemesis, anomalies } = entry;
      outcome.failures.push({
        ...{ seed, system, workload, nemesis, signature, group: null, anomalies },
        case: file.case,
      });
    }
  }

  close(ending: Pick<CampaignOutcome, "interrupted" | "stopped">): CampaignOutcome {
    const { hit } = this.outcome.probes;
    this.outcome.probes.unhit = this.#options.probes.filter((name) => !(name in hit));
    this.outcome.hash = this.#hash.digest("hex").slice(0, 32);
    return Object.assign(this.outcome, ending);
  }
}

/** From the current directory, so that it opens as it is printed. */
export function pathOf(file: string): string {
  return relative(process.cwd(), file) || ".";
}
