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
  close(): Promise<void>;
}

/** So that there is somebody else for audits. */
export function seatsFor(jobs: number): number {
  return Math.max(2, jobs);
}

interface Errand {
  task: WorkerTask;
  suits(seat: Worker): boolean;
  done(answer: WorkerAnswer, seat: Worker): void;
}

/** At least two seats; at most `jobs` of them are at work at a time. */
export class Workers implements Pool {
  readonly jobs: number;
  readonly #seats: readonly Worker[];
  readonly #waiting: Errand[] = [];
  /** Who carried out what is not audited yet. */
  readonly #doneBy = new WeakMap<RunReport, Worker>();
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
    const again = outcomeOf((await this.#send({ run: spec }, elsewhere)).answer);
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

  #send(
    task: WorkerTask,
    suits: (seat: Worker) => boolean,
  ): Promise<{ answer: WorkerAnswer; seat: Worker }> {
    return new Promise((resolve) => {
      this.#waiting.push({ task, suits, done: (answer, seat) => resolve({ answer, seat }) });
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

  async #carryOut({ task, done }: Errand, seat: Worker): Promise<void> {
    seat.busy = true;
    this.#underWay++;
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
