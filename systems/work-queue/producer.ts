/**
 * The producer of one node: numbers the jobs of its clients from 0 and sends each until the broker has it.
 *
 * The number is what makes sending again harmless: the broker takes each number once, and in order (Kafka's
 * idempotent producer, KIP-98, 2017). Up to five are under way at a time; the broker refuses one whose
 * predecessor was lost, and it is sent again after that. A node that restarts does not know what it had
 * sent: it counts from 0 again under a new name, which no earlier life of it has borne.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Ask, Job } from "./job.js";
import type { WorkQueueProbe } from "./probes.js";

const UNDER_WAY_MAX = 5;
const TIMEOUT_MS = 200;
const RETRY_MS = 20;

interface Pending {
  job: Job;
  isUnderWay: boolean;
  accepted: () => void;
}

export class Producer {
  readonly #context: NodeContext;
  readonly #askBroker: Ask;
  readonly #name: string;
  /** In order of their numbers. */
  readonly #pending: Pending[] = [];
  /** A client's request may come twice. */
  readonly #promises = new Map<string, Promise<void>>();
  #next = 0;

  /** `boot` counts the lives of this node. */
  constructor(context: NodeContext, askBroker: Ask, boot: number) {
    this.#context = context;
    this.#askBroker = askBroker;
    // A name that outlives the count: the broker has these numbers already, of other jobs.
    this.#name = context.bugs.has("sequence-restarts") ? context.id : `${context.id}/${boot}`;
  }

  /** Resolves when the broker has it, which may be never. */
  submit(id: string): Promise<void> {
    const known = this.#promises.get(id);
    if (known !== undefined) return known;
    const job = { id, producer: this.#name, sequence: this.#next++ };
    const promise = new Promise<void>((accepted) => {
      this.#pending.push({ job, isUnderWay: false, accepted });
    });
    this.#promises.set(id, promise);
    this.#pump();
    return promise;
  }

  #pump(): void {
    for (const pending of this.#pending.slice(0, UNDER_WAY_MAX)) {
      if (pending.isUnderWay) continue;
      pending.isUnderWay = true;
      void this.#send(pending);
    }
  }

  async #send(pending: Pending): Promise<void> {
    try {
      await this.#askBroker({ type: "accept", ...pending.job }, TIMEOUT_MS);
      this.#pending.splice(this.#pending.indexOf(pending), 1);
      pending.accepted();
    } catch {
      this.#probe("a producer sent a job again");
      await this.#context.sleep(RETRY_MS);
      pending.isUnderWay = false;
    }
    this.#pump();
  }

  #probe(name: WorkQueueProbe): void {
    this.#context.probe(name);
  }
}
