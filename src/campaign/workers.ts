/**
 * A pool of worker threads. Runs wait in order of asking; a free seat takes the first that may be
 * carried out there. One seat more than jobs stands by where there is but one job, since what is
 * audited must be done by somebody else.
 */

import { HarnessError, UsageError } from "../base/errors.js";
import { howRecordingsDiffer, howReportsDiffer } from "./audit.js";
import type { RunSpec } from "./prepare.js";
import type { Recording, RunReport } from "./run-one.js";
import { firstLine, type Pool, type RunOutcome } from "./run-pool.js";
import type { WorkerAnswer, WorkerTask } from "./worker.js";

/** Who carries out one task at a time; a `Seat`, as far as a pool needs it. */
export interface Worker {
  busy: boolean;
  /** Never rejects: a worker that died or hung is an answer, too. */
  perform(task: WorkerTask): Promise<WorkerAnswer>;
  /** Its next task is carried out by a worker that has done nothing before. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** So that there is somebody else for audits. */
export function seatsFor(jobs: number): number {
  return Math.max(2, jobs);
}

interface Errand {
  task: WorkerTask;
  suits(seat: Worker): boolean;
  /** Whether it takes a worker that has done nothing before. */
  fresh: boolean;
  done(answer: WorkerAnswer, seat: Worker): void;
}

/**
 * So many failures of a system under a workload are audited by a fresh worker: what a module remembers
 * of earlier runs is in every worker that has some behind it. Starting one takes as long as ten runs.
 */
const FRESH_AUDITS = 1;

/** At least two seats; at most `jobs` of them are at work at a time. */
export class Workers implements Pool {
  readonly jobs: number;
  readonly #seats: readonly Worker[];
  readonly #waiting: Errand[] = [];
  /** Who carried out what is not audited yet. */
  readonly #doneBy = new WeakMap<RunReport, Worker>();
  readonly #freshAudits = new Map<string, number>();
  #underWay = 0;

  constructor(jobs: number, seats: readonly Worker[]) {
    this.jobs = jobs;
    this.#seats = seats;
  }

  async run(spec: RunSpec): Promise<RunOutcome> {
    const { answer, seat } = await this.#send({ run: spec }, () => true);
    const outcome = outcomeOf(answer);
    if ("report" in outcome) this.#doneBy.set(outcome.report, seat);
    return outcome;
  }

  async audit(spec: RunSpec, first: RunReport): Promise<string | undefined> {
    // What somebody else carried out may be done again by anybody.
    const seat = this.#doneBy.get(first) ?? this.#seats[0];
    const here = (candidate: Worker): boolean => candidate === seat;
    const elsewhere = (candidate: Worker): boolean => candidate !== seat;
    const fresh = first.valid === false && this.#takesFresh(spec);
    const again = outcomeOf((await this.#send({ run: spec }, elsewhere, fresh)).answer);
    if ("broken" in again) return `run again in another worker: ${again.broken}`;
    const what = howReportsDiffer(first, again.report);
    if (what === undefined) return undefined;
    const recordings = await Promise.all(
      [here, elsewhere].map(async (suits) => this.#send({ record: spec }, suits)),
    );
    const [then, now] = recordings.map(({ answer }) => recordingOf(answer));
    if (then === undefined || now === undefined) return `two runs of one seed differ: ${what}`;
    return howRecordingsDiffer(what, [then, now]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  #takesFresh({ system, bin, workload }: RunSpec): boolean {
    const subject = `${bin ?? system} ${workload}`;
    const before = this.#freshAudits.get(subject) ?? 0;
    this.#freshAudits.set(subject, before + 1);
    return before < FRESH_AUDITS;
  }

  #send(
    task: WorkerTask,
    suits: (seat: Worker) => boolean,
    fresh = false,
  ): Promise<{ answer: WorkerAnswer; seat: Worker }> {
    return new Promise((resolve) => {
      this.#waiting.push({ task, suits, fresh, done: (answer, seat) => resolve({ answer, seat }) });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (let at = 0; at < this.#waiting.length && this.#underWay < this.jobs; ) {
      const errand = this.#waiting[at] as Errand;
      const seat = this.#seats.find((candidate) => !candidate.busy && errand.suits(candidate));
      if (seat === undefined) {
        at++;
        continue;
      }
      this.#waiting.splice(at, 1);
      void this.#carryOut(errand, seat);
    }
  }

  async #carryOut({ task, fresh, done }: Errand, seat: Worker): Promise<void> {
    seat.busy = true;
    this.#underWay++;
    if (fresh) await seat.renew();
    const answer = await seat.perform(task);
    seat.busy = false;
    this.#underWay--;
    done(answer, seat);
    this.#dispatch();
  }
}

/** @throws UsageError where the run was impossible. */
function outcomeOf(answer: WorkerAnswer): RunOutcome {
  if ("usage" in answer) throw new UsageError(answer.usage);
  if ("report" in answer) return answer;
  if ("broken" in answer) return { broken: firstLine(answer.broken) };
  throw new HarnessError("a worker answered what it was not asked");
}

function recordingOf(answer: WorkerAnswer): Recording | undefined {
  return "recording" in answer ? answer.recording : undefined;
}
