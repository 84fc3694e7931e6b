/**
 * The broker: a durable queue that lends jobs to consumers and takes them off when they are acknowledged.
 *
 * A job delivered is not gone but out of sight, for a visibility timeout: a lease, which the consumer may
 * have renewed. Who does not acknowledge in time is taken for dead, and somebody else gets the job (Amazon
 * SQS). Jobs of one producer are delivered one after the other, each when the one before is acknowledged
 * (SQS message groups), so that they take effect in order.
 *
 * Its journal has what was accepted, delivered and acknowledged; who holds a lease is known to memory alone.
 * After a restart everything that was out stays out of sight for as long as a lease may last.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { type Job, jobOf } from "./job.js";
import type { WorkQueueProbe } from "./probes.js";

/** How long a consumer's question waits for a job. */
const PARKED_MS = 200;

/** The jobs of one producer. */
interface Line {
  /** As they were accepted, which is the order of their numbers. */
  jobs: Job[];
  bySequence: Map<number, Job>;
  /** So many are acknowledged. */
  done: number;
  /** How often the next one was delivered. */
  deliveries: number;
  /** Until when the next one is out of sight. */
  hiddenUntilMs: number;
}

interface Parked {
  sinceMs: number;
  answer: (body: JsonObject) => void;
}

export class Broker {
  readonly #context: NodeContext;
  readonly #visibilityMs: number;
  readonly #lines = new Map<string, Line>();
  /** Consumers that wait for a job, in order of their questions. */
  readonly #parked: Parked[] = [];
  /** The last question of each consumer: one that comes twice is answered once. */
  readonly #asked = new Map<string, number>();

  constructor(context: NodeContext) {
    this.#context = context;
    this.#visibilityMs = Number(context.options["visibilityMs"]);
    for (const record of context.disk.records("journal")) this.#replay(record as JsonObject);
    for (const line of this.#lines.values()) {
      if (line.deliveries === 0) continue;
      this.#probe("the broker restarted with jobs under way");
      this.#hide(line);
    }
  }

  receive(body: JsonObject): Promise<JsonObject> {
    switch (body["type"]) {
      case "accept":
        return this.#accept(jobOf(body));
      case "take":
        return this.#take(String(body["consumer"]), Number(body["number"]));
      case "renew":
        return this.#renew(jobOf(body), Number(body["attempt"]));
      case "ack":
        return this.#ack(jobOf(body), Number(body["attempt"]));
      default:
        return this.#idle();
    }
  }

  async #accept(job: Job): Promise<JsonObject> {
    const line = this.#lineOf(job.producer);
    const known = line.bySequence.get(job.sequence);
    if (known !== undefined) {
      this.#probe("the broker met a job that it has");
      const value = { event: "dropped", id: job.id, as: known.id };
      this.#context.observe("job", value);
    } else if (
      job.sequence > line.jobs.length &&
      // Whatever comes next is put next, though an earlier one is still to be sent again.
      !this.#context.bugs.has("gap-accepted")
    ) {
      this.#probe("the broker refused a job that came before its turn");
      throw new Refusal(errorCodes.preconditionFailed, `expected ${line.jobs.length}`);
    } else {
      this.#write({ kind: "accepted", ...job });
      this.#lend();
    }
    await this.#context.disk.fsync();
    return { type: "accept_ok" };
  }

  #take(consumer: string, number: number): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      if (number <= (this.#asked.get(consumer) ?? -1)) {
        reject(new Refusal(errorCodes.abort, "asked already"));
        return;
      }
      this.#asked.set(consumer, number);
      const parked = { sinceMs: this.#nowMs(), answer: resolve };
      this.#parked.push(parked);
      this.#context.after(PARKED_MS, () => {
        const place = this.#parked.indexOf(parked);
        if (place < 0) return;
        this.#parked.splice(place, 1);
        resolve({ type: "take_ok" });
      });
      this.#lend();
    });
  }

  /** Gives what is there to who waits, as far as both reach. */
  #lend(): void {
    for (const line of this.#lines.values()) {
      if (line.done === line.jobs.length || line.hiddenUntilMs > this.#nowMs()) continue;
      const parked = this.#parked.shift();
      if (parked === undefined) return;
      void this.#deliver(line, parked);
    }
  }

  async #deliver(line: Line, { sinceMs, answer }: Parked): Promise<void> {
    const job = line.jobs[line.done] as Job;
    this.#write({ kind: "delivered", ...job });
    if (line.deliveries > 1) this.#probe("a job was delivered again");
    const attempt = line.deliveries;
    this.#hide(line);
    const waitedMs = this.#nowMs() - sinceMs;
    // How often it was delivered is known before it is: no attempt bears the number of another.
    await this.#context.disk.fsync();
    answer({ type: "take_ok", job: { ...job }, attempt, waitedMs });
  }

  async #renew(job: Job, attempt: number): Promise<JsonObject> {
    const line = this.#heldLine(job, attempt);
    if (line === undefined || line.hiddenUntilMs <= this.#nowMs()) {
      throw new Refusal(errorCodes.preconditionFailed, "this lease is over");
    }
    this.#hide(line);
    return { type: "renew_ok" };
  }

  /** `first`: whether it was this attempt that took the job off, this time. */
  async #ack(job: Job, attempt: number): Promise<JsonObject> {
    const first = this.#heldLine(job, attempt) !== undefined;
    const line = this.#lineOf(job.producer);
    if (line.jobs[line.done]?.id === job.id) this.#write({ kind: "acked", ...job });
    this.#lend();
    await this.#context.disk.fsync();
    return { type: "ack_ok", first };
  }

  async #idle(): Promise<JsonObject> {
    for (const { done, jobs } of this.#lines.values()) {
      if (done < jobs.length) {
        throw new Refusal(errorCodes.temporarilyUnavailable, "there are jobs to be done");
      }
    }
    return { type: "idle_ok" };
  }

  /** The line whose next job this is, in this attempt. */
  #heldLine(job: Job, attempt: number): Line | undefined {
    const line = this.#lineOf(job.producer);
    return line.jobs[line.done]?.id === job.id && line.deliveries === attempt ? line : undefined;
  }

  #hide(line: Line): void {
    line.hiddenUntilMs = this.#nowMs() + this.#visibilityMs;
    this.#context.after(this.#visibilityMs, () => this.#lend());
  }

  #write(record: { kind: string } & Job): void {
    this.#context.disk.append("journal", { ...record });
    this.#change(record);
  }

  #replay(record: JsonObject): void {
    const { kind, ...job } = record;
    this.#change({ kind: String(kind), ...jobOf(job) });
    if (kind === "delivered" && this.#context.bugs.has("unacked-forgotten")) {
      // What was out is not in the queue, and the list of it was in memory.
      this.#change({ kind: "acked", ...jobOf(job) });
    }
  }

  #change({ kind, ...job }: { kind: string } & Job): void {
    const line = this.#lineOf(job.producer);
    if (kind === "accepted") {
      line.jobs.push(job);
      line.bySequence.set(job.sequence, job);
    } else if (line.jobs[line.done]?.id === job.id) {
      line.deliveries = kind === "acked" ? 0 : line.deliveries + 1;
      if (kind !== "acked") return;
      line.done++;
      line.hiddenUntilMs = 0;
    }
  }

  #lineOf(producer: string): Line {
    const line = this.#lines.get(producer) ?? {
      ...{ jobs: [], bySequence: new Map(), done: 0, deliveries: 0, hiddenUntilMs: 0 },
    };
    this.#lines.set(producer, line);
    return line;
  }

  #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }

  #probe(name: WorkQueueProbe): void {
    this.#context.probe(name);
  }
}
