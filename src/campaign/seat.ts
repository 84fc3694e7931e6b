/**
 * One worker thread at a time: its successor takes the seat when it died or was stopped.
 *
 * Each seat is a pool of one, so that what befalls a worker cannot touch those of other seats, and
 * so that a campaign knows which worker a run was carried out by.
 */

import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { Piscina } from "piscina";
import type { ConfigSource } from "../config/config.js";
import type { WorkerAnswer, WorkerTask } from "./worker.js";

/** Loading all modules and the user's configuration, on a machine that has much else to do. */
const BEGIN_TIMEOUT_MS = 120_000;

/** The death of the one before may be heard of when the next is already starting. */
const BEGIN_ATTEMPTS = 2;

const MB = 1 << 20;

export interface SeatOptions {
  /** The compiled worker. */
  file: string;
  /** How many there are. */
  seats: number;
  runTimeoutMs: number;
}

export class Seat {
  busy = false;
  readonly #file: string;
  readonly #source: ConfigSource;
  readonly #runTimeoutMs: number;
  readonly #heapMaxMb: number;
  #piscina: Piscina<WorkerTask, WorkerAnswer>;
  #begun = false;
  #giveUp: (error: unknown) => void = () => undefined;

  constructor(source: ConfigSource, { file, seats, runTimeoutMs }: SeatOptions) {
    this.#file = file;
    this.#source = source;
    this.#runTimeoutMs = runTimeoutMs;
    this.#heapMaxMb = heapMaxMb(seats);
    this.#piscina = this.#open();
  }

  /** Its next task is carried out by a worker that has done nothing before. */
  async renew(): Promise<void> {
    if (!this.#begun) return;
    await this.#piscina.destroy();
    this.#begun = false;
    this.#piscina = this.#open();
  }

  #open(): Piscina<WorkerTask, WorkerAnswer> {
    const piscina = new Piscina<WorkerTask, WorkerAnswer>({
      filename: this.#file,
      workerData: this.#source,
      // Started with its first task, kept for good, and replaced with the next task when it is gone.
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMaxMb },
    });
    // A worker that dies between two runs costs none of them; one that dies before it took its first
    // task has left that in the queue.
    piscina.on("error", (error: unknown) => {
      this.#begun = false;
      this.#giveUp(error);
    });
    return piscina;
  }

  /** Never rejects: a worker that died or hung is an answer, too. */
  async perform(task: WorkerTask): Promise<WorkerAnswer> {
    for (let attempt = 1; !this.#begun; attempt++) {
      const answer = await this.#ask({ begin: true }, BEGIN_TIMEOUT_MS);
      this.#begun = "begun" in answer;
      if (!this.#begun && attempt === BEGIN_ATTEMPTS) return answer;
    }
    return this.#ask(task, this.#runTimeoutMs);
  }

  async #ask(task: WorkerTask, timeoutMs: number): Promise<WorkerAnswer> {
    const watch = new AbortController();
    let death: unknown;
    if ("begin" in task) {
      this.#giveUp = (error) => {
        death ??= error;
        watch.abort();
      };
    }
    const timer = setTimeout(() => watch.abort(), timeoutMs);
    try {
      return await this.#piscina.run(task, { signal: watch.signal });
    } catch (error) {
      this.#begun = false;
      const hung = watch.signal.aborted && death === undefined;
      return { broken: hung ? hangOf(task, timeoutMs) : this.#deathOf(death ?? error) };
    } finally {
      clearTimeout(timer);
      this.#giveUp = () => undefined;
    }
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  #deathOf(error: unknown): string {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_WORKER_OUT_OF_MEMORY") {
      return `its worker ran out of memory (${this.#heapMaxMb} MB of heap; with fewer --jobs each has more)`;
    }
    const exit = /^worker exited with code: (\d+)$/.exec(message)?.[1];
    if (exit === undefined) return `its worker died: ${message.split("\n")[0]}`;
    return `its worker ended in the middle of the run, with exit code ${exit}`;
  }
}

function hangOf(task: WorkerTask, timeoutMs: number): string {
  const after = `after ${timeoutMs / 1000} s of real time`;
  return "begin" in task
    ? `its worker was still starting ${after}`
    : `the run was still going ${after} and was given up (--run-timeout)`;
}

/**
 * All workers together get half of the memory: where one takes too much, it has to go before the
 * system takes the whole process. With --max-old-space-size it is as that says.
 */
function heapMaxMb(seats: number): number {
  const share = Math.floor(memoryBytes() / MB / 2 / seats);
  return Math.min(share, Math.floor(getHeapStatistics().heap_size_limit / MB));
}

/** What a container may have, or else the machine. */
function memoryBytes(): number {
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
