/**
 * Many runs: seeds x systems x workloads under one set of nemeses, judged, counted, and every
 * failure kept as a case.
 *
 * Whatever the number of jobs, the outcome is that of running one after the other: results are
 * taken in order of (seed, system, workload), and with a limit on failures the campaign ends, for
 * the counts and hashes too, at the run that reached it. A campaign that ends early, by its budget
 * of time or by a signal, has taken in the first runs of that order, without gaps.
 */

import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UsageError } from "../base/errors.js";
import { fileStem, keepText } from "../store/files.js";
import { isAudited } from "./audit.js";
import type { Guide, Learnt } from "./guide.js";
import type { Journal } from "./journal.js";
import { type CampaignOutcome, type Entry, Ledger, type LedgerOptions } from "./ledger.js";
import type { RunSpec } from "./prepare.js";
import type { RunReport } from "./run-one.js";
import type { Pool } from "./run-pool.js";

export type { CampaignOutcome, Failure } from "./ledger.js";

export interface CampaignRequest extends LedgerOptions {
  /** How many runs there are, and each of them by its place in the order in which they count. */
  count: number;
  run(ordinal: number): RunSpec;
  /** Failing runs are kept below it as case files, in `cases`. */
  out: string;
  /** Which runs of the order are carried out here; all, when left out. */
  mine?(ordinal: number): boolean;
  /** Asked before every run: when it says no, none begins any more. */
  mayBegin?(): boolean;
  /** For a guided campaign: what it learns, it is told. */
  guide?: Guide;
  /** What was done before, and where every run is noted when it is taken in. */
  journal?: Notes;
  done?: Iterable<Entry>;
  /** Told after every run taken in. */
  progress?(state: { done: number; failures: number }): void;
  /** When it aborts, no further run begins; what is known is the outcome. */
  signal?: AbortSignal;
}

/** Where runs are noted: a `Journal`, as far as a campaign needs it. */
export type Notes = Pick<Journal, "append" | "end" | "spentMs">;

/** After a signal, runs under way have this long to end. */
const GRACE_MS = 2_000;

/** Behind a run that hangs, not more than so many wait to be taken in. */
const AHEAD_MAX = 2_000;

/**
 * Carries out what is asked for. A run that cannot be kept, or that turns out to be impossible,
 * ends the campaign: `stopped` says why, the rest of the outcome what came before it.
 */
export async function runCampaign(request: CampaignRequest, pool: Pool): Promise<CampaignOutcome> {
  return new Campaign(request, pool).live();
}

/** A run that is over, and not yet taken in. */
type Landed = { entry: Entry; caseText?: string } | { stopped: string };

class Campaign {
  readonly #request: CampaignRequest;
  readonly #pool: Pool;
  readonly #ledger: Ledger;
  readonly #started = performance.now();
  /** Those that have begun and are not taken in, in their order. */
  readonly #open: number[] = [];
  readonly #landed = new Map<number, Landed>();
  #next = 0;
  #underWay = 0;
  #closed = false;
  /** Its budget is spent: no run begins any more. */
  #isOver = false;
  #stopped: string | undefined;
  #finish: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(request: CampaignRequest, pool: Pool) {
    this.#request = request;
    this.#pool = pool;
    this.#ledger = new Ledger(request);
  }

  async live(): Promise<CampaignOutcome> {
    for (const entry of this.#request.done ?? []) {
      this.#ledger.take(entry, this.#request.out);
      this.#next = entry.ordinal + 1;
      const { guide } = this.#request;
      guide?.propose(entry.ordinal);
      guide?.learn(entry.ordinal, learnt(entry));
    }
    const over = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.#fill();
    await Promise.race([over, this.#interruption()]);
    this.#closed = true;
    const complete = this.#ledger.full || (this.#isComplete() && this.#open.length === 0);
    const interrupted = this.#request.signal?.aborted === true && !complete;
    const stopped = this.#stopped === undefined ? {} : { stopped: this.#stopped };
    if (!interrupted && this.#stopped === undefined) this.#request.journal?.end();
    return this.#ledger.close({ interrupted, ...stopped });
  }

  /** Begins what can begin; whoever is done calls it again. */
  #fill(): void {
    // Twice as many as there are jobs: no worker waits for this thread, nor for an audit elsewhere.
    while (this.#underWay < this.#pool.jobs * 2 && this.#mayBegin()) {
      const ordinal = this.#next++;
      this.#open.push(ordinal);
      this.#underWay++;
      const spec = this.#request.guide?.propose(ordinal) ?? this.#request.run(ordinal);
      this.#carryOut(ordinal, spec)
        .then((landed) => {
          if ("entry" in landed) this.#request.guide?.learn(ordinal, learnt(landed.entry));
          this.#underWay--;
          this.#landed.set(ordinal, landed);
          this.#takeIn();
          this.#fill();
        })
        .catch(this.#fail);
    }
    if (this.#underWay === 0) this.#finish();
  }

  #mayBegin(): boolean {
    const { signal, mayBegin, guide } = this.#request;
    if (this.#closed || this.#stopped !== undefined || signal?.aborted === true) return false;
    if (this.#isComplete() || this.#isOver) return false;
    if (mayBegin?.() === false) this.#isOver = true;
    if (this.#isOver || this.#open.length >= AHEAD_MAX) return false;
    return guide?.ready(this.#next) ?? true;
  }

  /** No run is left to begin. */
  #isComplete(): boolean {
    const { count, mine } = this.#request;
    if (this.#ledger.full) return true;
    while (this.#next < count && mine?.(this.#next) === false) this.#next++;
    return this.#next >= count;
  }

  async #carryOut(ordinal: number, spec: RunSpec): Promise<Landed> {
    // A mutant has the seed of the plan that it comes from; it counts under the seed whose turn it is.
    const asked = this.#request.run(ordinal);
    try {
      const outcome = await this.#pool.run(spec);
      const facts = { ordinal, seed: asked.seed, system: spec.bin ?? spec.system };
      if ("broken" in outcome) return { entry: this.#brokenEntry(facts, spec, outcome.broken) };
      const { report } = outcome;
      const audited = isAudited(asked, report);
      const difference = audited ? await this.#pool.audit(spec, report) : undefined;
      const entry: Entry = {
        ...facts,
        ...kept(report),
        ...(audited ? { audited } : {}),
        ...(difference === undefined ? {} : { broken: difference }),
        atMs: this.#spentMs(),
      };
      return report.caseText === undefined ? { entry } : { entry, caseText: report.caseText };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const { workload = "" } = spec;
      const who = [`seed ${asked.seed} of ${spec.bin ?? spec.system}`, workload].filter(Boolean);
      return { stopped: `${who.join(", ")}: ${error.message}` };
    }
  }

  #brokenEntry(
    facts: Pick<Entry, "ordinal" | "seed" | "system">,
    { workload = "", nemesis = [] }: RunSpec,
    broken: string,
  ): Entry {
    return {
      ...facts,
      ...{ workload, nemesis: [...nemesis], traceHash: "", signature: null, anomalies: [] },
      ...{ headline: broken, probes: {}, broken, atMs: this.#spentMs() },
    };
  }

  /** Takes in what has landed, as far as nothing before it is still under way. */
  #takeIn(): void {
    for (;;) {
      const [ordinal] = this.#open;
      const landed = ordinal === undefined ? undefined : this.#landed.get(ordinal);
      if (ordinal === undefined || landed === undefined || this.#closed) return;
      if (this.#ledger.full || this.#stopped !== undefined) return;
      this.#open.shift();
      this.#landed.delete(ordinal);
      if ("stopped" in landed) this.#stopped = landed.stopped;
      else this.#keep(landed);
    }
  }

  #keep({ entry, caseText }: { entry: Entry; caseText?: string }): void {
    const { out, journal, progress } = this.#request;
    try {
      if (caseText !== undefined)
        entry.case = keepCase(out, this.#request.run(entry.ordinal), entry, caseText);
      journal?.append(entry);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const what = entry.signature === null ? "" : ` (${entry.signature})`;
      this.#stopped = `seed ${entry.seed} of ${entry.system}${what} cannot be kept: ${error.message}`;
      return;
    }
    this.#ledger.take(entry, out);
    const { runs, failures } = this.#ledger.outcome;
    progress?.({ done: runs, failures: failures.length });
  }

  #spentMs(): number {
    return this.#request.journal?.spentMs ?? Math.round(performance.now() - this.#started);
  }

  /** Comes when a signal has come and those under way had their time. */
  async #interruption(): Promise<void> {
    const { signal } = this.#request;
    await new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
    await pause(GRACE_MS, undefined, { ref: false });
  }
}

function kept(report: RunReport) {
  const { valid, traceHash, workload, nemesis, signature, anomalies, headline, probes } = report;
  const features = report.features === undefined ? {} : { features: report.features };
  return {
    ...{ valid, traceHash, workload, nemesis, signature, anomalies, headline, probes },
    ...features,
  };
}

function learnt({ valid, features = [] }: Entry): Learnt | undefined {
  return valid === undefined ? undefined : { valid, features };
}

/** Returns the path below `out`. @throws UsageError when it cannot be written. */
function keepCase(out: string, spec: RunSpec, entry: Entry, text: string): string {
  const system = spec.bin === undefined ? fileStem(spec.system) : "bin";
  const stem = `${system}-${entry.workload}-seed${entry.seed}`;
  return join("cases", basename(keepText(join(out, "cases"), stem, text)));
}
