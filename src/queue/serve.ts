/**
 * A worker of distributed campaigns: takes runs from the queue and carries them out in its own pool
 * of threads, so that the process itself stays free to say that it is alive.
 */

import { Worker } from "bullmq";
import { UsageError } from "../base/errors.js";
import type { Pool } from "../campaign/pool.js";
import { connectionTo, mustAnswer, type QueueAddress } from "./address.js";
import { type Answer, QUEUE_NAME, type Task } from "./task.js";

/** A worker that has not renewed its lock for this long is dead, and its run is taken over. */
const LOCK_MS = 10_000;
/** How often workers look for such runs. */
const TAKE_OVER_MS = 3_000;
/** A run that took this many workers down is not handed to another. */
const DEATHS_MAX = 3;

export interface ServeOptions {
  /** When it aborts, runs in hand are finished and no more are taken. */
  signal: AbortSignal;
  /** Told when the first run may come. */
  onReady?(): void;
  /** Told after each answer. */
  onDone?(done: number): void;
  /** Told of a lost connection, and when it is back. */
  onTrouble?(line: string): void;
}

/**
 * Serves until told to stop.
 * @throws UsageError when no Redis answers at the address.
 */
export async function serve(
  address: QueueAddress,
  pool: Pool,
  options: ServeOptions,
): Promise<number> {
  await mustAnswer(address);
  options.onReady?.();
  let done = 0;
  const worker = new Worker<Task, Answer>(
    QUEUE_NAME,
    async ({ data }) => {
      const answer = await answerTo(data, pool);
      done++;
      options.onDone?.(done);
      return answer;
    },
    {
      connection: connectionTo(address),
      concurrency: pool.jobs,
      lockDuration: LOCK_MS,
      stalledInterval: TAKE_OVER_MS,
      maxStalledCount: DEATHS_MAX - 1,
    },
  );
  let lost = false;
  worker.on("error", (error) => {
    if (!lost) options.onTrouble?.(`${address.shown}: ${error.message.split("\n")[0]}`);
    lost = true;
  });
  worker.on("active", () => {
    lost = false;
  });
  await new Promise<void>((resolve) => {
    if (options.signal.aborted) resolve();
    else options.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await worker.close();
  return done;
}

async function answerTo(task: Task, pool: Pool): Promise<Answer> {
  try {
    if (!("audit" in task)) return { outcome: await pool.run(task.spec) };
    return { difference: (await pool.audit(task.spec, task.audit)) ?? null };
  } catch (error) {
    if (error instanceof UsageError) return { usage: error.message };
    throw error;
  }
}
