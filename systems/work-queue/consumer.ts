/**
 * A consumer: takes one job at a time, works on it, has its effect stored, and only then acknowledges it.
 *
 * Whatever fails on the way, the job comes again, here or elsewhere: at least once. That its effect is there
 * once is up to the store. Acknowledging first instead is at most once: whatever fails then is lost.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Ask, type Job, jobOf } from "./job.js";
import { Lease } from "./lease.js";
import type { WorkQueueProbe } from "./probes.js";

/** Longer than the broker keeps a question waiting. */
const TAKE_MS = 400;
const TIMEOUT_MS = 150;
const PAUSE_MS = 30;
const TRIES = 3;
/** Most jobs are short; some take longer than any lease that is not renewed. */
const WORK_MS = { short: [2, 15], long: [300, 450] } as const;
const SLICE_MS = 40;

export class Consumer {
  readonly #context: NodeContext;
  readonly #askBroker: Ask;
  readonly #askStore: Ask;
  readonly #name: string;
  readonly #acksFirst: boolean;
  #questions = 0;

  constructor(context: NodeContext, ask: { broker: Ask; store: Ask }, boot: number) {
    this.#context = context;
    this.#askBroker = ask.broker;
    this.#askStore = ask.store;
    this.#name = `${context.id}/${boot}`;
    this.#acksFirst =
      context.options["mode"] === "at-most-once" || context.bugs.has("acks-before-processing");
  }

  async run(): Promise<never> {
    for (;;) {
      const askedMs = this.#context.clock.monotonicMs();
      const question = { type: "take", consumer: this.#name, number: this.#questions++ };
      const taken = await this.#attempt(() => this.#askBroker(question, TAKE_MS), 1);
      if (taken === undefined) await this.#context.sleep(PAUSE_MS);
      else if (isJsonObject(taken["job"])) {
        const lease = new Lease(this.#context, { askedMs, waitedMs: Number(taken["waitedMs"]) });
        await this.#process(jobOf(taken["job"]), Number(taken["attempt"]), lease);
      }
    }
  }

  async #process(job: Job, attempt: number, lease: Lease): Promise<void> {
    this.#tell("taken", job, attempt);
    if (this.#acksFirst && !(await this.#ack(job, attempt))) return;
    if (!(await this.#work(job, attempt, lease))) {
      this.#probe("a consumer gave up a job, its lease being over");
      return;
    }
    this.#tell("processed", job, attempt);
    if (!(await this.#store(job))) return;
    if (!this.#acksFirst) await this.#ack(job, attempt);
  }

  /** False when the lease was over before the work was done. */
  async #work(job: Job, attempt: number, lease: Lease): Promise<boolean> {
    const { random, clock } = this.#context;
    const [min, max] = random.chance(1, 15) ? WORK_MS.long : WORK_MS.short;
    const doneMs = clock.monotonicMs() + random.between(min, max);
    for (;;) {
      // Of a job that is off the queue nobody else is given anything.
      if (lease.isOver && !this.#acksFirst) return false;
      const leftMs = doneMs - clock.monotonicMs();
      if (leftMs <= 0) return true;
      if (lease.isToBeRenewed && !this.#acksFirst) await this.#renew(job, attempt, lease);
      await this.#context.sleep(Math.min(SLICE_MS, leftMs));
    }
  }

  async #renew(job: Job, attempt: number, lease: Lease): Promise<void> {
    const askedMs = this.#context.clock.monotonicMs();
    const renew = () => this.#askBroker({ type: "renew", ...job, attempt }, SLICE_MS);
    if ((await this.#attempt(renew, 1)) === undefined) return;
    this.#probe("a consumer renewed its lease");
    lease.renewed(askedMs);
  }

  /** Whether its effect is known to be stored. */
  async #store(job: Job): Promise<boolean> {
    const ask = (type: string) => () => this.#askStore({ type, ...job }, TIMEOUT_MS);
    if (!this.#context.bugs.has("dedupe-apart")) {
      return (await this.#attempt(ask("apply"), TRIES)) !== undefined;
    }
    // Has it been done? Then do it, then note that it is done: three steps, and anything in between.
    const seen = await this.#attempt(ask("seen"), TRIES);
    if (seen === undefined || seen["seen"] === true) return seen !== undefined;
    if ((await this.#attempt(ask("apply-unasked"), 1)) === undefined) return false;
    return (await this.#attempt(ask("note"), TRIES)) !== undefined;
  }

  /** Whether it was this attempt that took the job off. */
  async #ack(job: Job, attempt: number): Promise<boolean> {
    const ack = () => this.#askBroker({ type: "ack", ...job, attempt }, TIMEOUT_MS);
    return (await this.#attempt(ack, this.#acksFirst ? 1 : TRIES))?.["first"] === true;
  }

  /** The first answer of so many tries; undefined when none of them had one. */
  async #attempt(ask: () => Promise<JsonObject>, tries: number): Promise<JsonObject | undefined> {
    for (let i = 0; i < tries; i++) {
      try {
        return await ask();
      } catch {
        // Nobody answered, or it was refused: the next try, or the next delivery, will tell.
      }
    }
    return undefined;
  }

  #tell(event: "taken" | "processed", { id, producer }: Job, attempt: number): void {
    this.#context.observe("job", { event, id, producer, attempt });
  }

  #probe(name: WorkQueueProbe): void {
    this.#context.probe(name);
  }
}
