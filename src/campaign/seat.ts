/**
 * One worker thread at a time: its successor takes the seat when it died or was stopped.
 *
 * Each seat is a pool of one, so that what befalls a worker cannot touch those of other seats, and
 * so that a campaign knows which worker a run was carried out by.
 */

import { Piscina } from "piscina";
import type { ConfigSource } from "../config/config.js";
import type { WorkerAnswer, WorkerTask } from "./worker.js";

/** Loading all modules and the user's configuration, on a machine that has much else to do. */
const BEGIN_TIMEOUT_MS = 120_000;

export class Seat {
  busy = false;
  readonly #piscina: Piscina<WorkerTask, WorkerAnswer>;
  readonly #runTimeoutMs: number;
  #begun = false;

  constructor(source: ConfigSource, file: string, runTimeoutMs: number) {
    this.#runTimeoutMs = runTimeoutMs;
    this.#piscina = new Piscina<WorkerTask, WorkerAnswer>({
      filename: file,
      workerData: source,
      // Started with its first task, kept for good, and replaced with the next task when it is gone.
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    // A worker that dies between two runs costs none of them.
    this.#piscina.on("error", () => {
      this.#begun = false;
    });
  }

  /** Never rejects: a worker that died or hung is an answer, too. */
  async perform(task: WorkerTask): Promise<WorkerAnswer> {
    if (!this.#begun) {
      const answer = await this.#ask({ begin: true }, BEGIN_TIMEOUT_MS);
      if (!("begun" in answer)) return answer;
      this.#begun = true;
    }
    return this.#ask(task, this.#runTimeoutMs);
  }

  async #ask(task: WorkerTask, timeoutMs: number): Promise<WorkerAnswer> {
    const watch = new AbortController();
    const timer = setTimeout(() => watch.abort(), timeoutMs);
    try {
      return await this.#piscina.run(task, { signal: watch.signal });
    } catch (error) {
      this.#begun = false;
      const hung = watch.signal.aborted;
      return { broken: hung ? hangOf(task, timeoutMs) : deathOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }
}

function hangOf(task: WorkerTask, timeoutMs: number): string {
  const what = "begin" in task ? "its worker was still starting" : "the run was still going";
  return `${what} after ${timeoutMs / 1000} s of real time and was given up${"begin" in task ? "" : " (--run-timeout)"}`;
}

function deathOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "its worker ran out of memory";
  const exit = /^worker exited with code: (\d+)$/.exec(message)?.[1];
  if (exit !== undefined)
    return `its worker ended in the middle of the run, with exit code ${exit}`;
  return `its worker died: ${message.split("\n")[0]}`;
}
