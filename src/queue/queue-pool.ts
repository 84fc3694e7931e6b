/**
 * A campaign's runs carried out by `faultline worker` processes, on any number of machines, through
 * a Redis and BullMQ.
 *
 * Each run is one job. A worker that dies leaves its job's lock to expire; another worker takes the
 * job over, and whichever answer comes first is the only one that counts. A job that takes worker
 * after worker down with it is given up as a failure of the harness.
 */

import { randomUUID } from "node:crypto";
import { Job, Queue, QueueEvents } from "bullmq";
import { UsageError } from "../base/errors.js";
import type { Pool, RunOutcome } from "../campaign/pool.js";
import type { RunSpec } from "../campaign/prepare.js";
import type { RunReport } from "../campaign/run-one.js";
import { connectionTo, mustAnswer, type QueueAddress } from "./address.js";
import { type Answer, QUEUE_NAME, type Task } from "./task.js";

/** Runs handed out at a time: enough to keep a large fleet at work. */
const IN_FLIGHT = 256;
/** Events may get lost with a connection: this often, what is open is asked for. */
const SWEEP_MS = 5_000;
/** What was taken in is removed; what nobody takes in (its campaign died) goes after this long. */
const KEEP_S = 24 * 3_600;

interface Waiting {
  resolve(answer: Answer | { failed: string }): void;
}

export interface QueuePoolOptions {
  /** Told when no worker has been there for a while. */
  onIdle?(line: string): void;
  inFlight?: number;
}

/** @throws UsageError when no Redis answers. */
export async function openQueuePool(
  address: QueueAddress,
  options: QueuePoolOptions = {},
): Promise<Pool> {
  await mustAnswer(address);
  const connection = connectionTo(address);
  const queue = new Queue<Task, Answer>(QUEUE_NAME, { connection });
  const events = new QueueEvents(QUEUE_NAME, { connection });
  // Lost connections are made anew by BullMQ; unheard, these events would end the process.
  queue.on("error", () => undefined);
  events.on("error", () => undefined);
  await events.waitUntilReady();
  return new QueuePool(queue, events, address, options);
}

class QueuePool implements Pool {
  readonly jobs: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #campaign = randomUUID();
  readonly #sweep: NodeJS.Timeout;
  #count = 0;
  #toldOfIdleness = false;

  constructor(
    private readonly queue: Queue<Task, Answer>,
    private readonly events: QueueEvents,
    private readonly address: QueueAddress,
    private readonly options: QueuePoolOptions,
  ) {
    this.jobs = options.inFlight ?? IN_FLIGHT;
    events.on("completed", ({ jobId, returnvalue }) => {
      this.#settle(jobId, returnvalue as unknown as Answer);
    });
    events.on("failed", ({ jobId, failedReason }) => {
      this.#settle(jobId, { failed: failedReason });
    });
    this.#sweep = setInterval(() => void this.#lookAround(), SWEEP_MS);
  }

  async run(spec: RunSpec): Promise<RunOutcome> {
    const answer = await this.#ask({ spec });
    if ("failed" in answer) return { broken: givenUp(answer.failed) };
    if ("usage" in answer) throw new UsageError(answer.usage);
    return "outcome" in answer ? answer.outcome : { broken: "a worker answered another question" };
  }

  async audit(spec: RunSpec, first: RunReport): Promise<string | undefined> {
    const answer = await this.#ask({ spec, audit: first });
    if ("failed" in answer) return givenUp(answer.failed);
    if ("usage" in answer) throw new UsageError(answer.usage);
    return "difference" in answer
      ? (answer.difference ?? undefined)
      : "a worker answered another question";
  }

  /** Takes back what no worker has begun. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const id of this.#waiting.keys()) {
      // A job at work is locked and stays; it goes by itself when its time is over.
      await this.queue.remove(id).catch(() => undefined);
    }
    this.#waiting.clear();
    await this.events.close();
    await this.queue.close();
  }

  async #ask(task: Task): Promise<Answer | { failed: string }> {
    const jobId = `${this.#campaign}-${this.#count++}`;
    const answer = new Promise<Answer | { failed: string }>((resolve) => {
      this.#waiting.set(jobId, { resolve });
    });
    await this.queue.add("run", task, {
      jobId,
      removeOnComplete: { age: KEEP_S },
      removeOnFail: { age: KEEP_S },
    });
    return answer;
  }

  #settle(jobId: string, answer: Answer | { failed: string }): void {
    const waiting = this.#waiting.get(jobId);
    if (waiting === undefined) return;
    this.#waiting.delete(jobId);
    void this.queue.remove(jobId).catch(() => undefined);
    waiting.resolve(answer);
  }

  async #lookAround(): Promise<void> {
    try {
      await this.#tellOfIdleness();
      for (const id of [...this.#waiting.keys()]) {
        const job = await Job.fromId<Task, Answer>(this.queue, id);
        if (job === undefined) continue;
        if (await job.isCompleted()) this.#settle(id, job.returnvalue);
        else if (await job.isFailed()) this.#settle(id, { failed: job.failedReason });
      }
    } catch {
      // The connection is gone for now: the next look may find it again.
    }
  }

  async #tellOfIdleness(): Promise<void> {
    const workers = await this.queue.getWorkersCount();
    if (workers === 0 && this.#waiting.size > 0 && !this.#toldOfIdleness) {
      this.#toldOfIdleness = true;
      this.options.onIdle?.(
        `no worker is there yet: start some with \`faultline worker --queue ${this.address.shown}\``,
      );
    }
    if (workers > 0) this.#toldOfIdleness = false;
  }
}

function givenUp(reason: string): string {
  return /stalled/.test(reason)
    ? "the run was given up: every worker that took it died or hung"
    : `the run was given up: ${reason.split("\n")[0]}`;
}
