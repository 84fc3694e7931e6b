/**
 * The back end: one server, first come first served, with a queue that has an end.
 *
 * An attempt says how long it is still waited for (deadline propagation); what cannot be done by then is
 * dropped unserved. So the server works for those who wait, whatever has piled up before them.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import type { RetryingServiceProbe } from "./probes.js";
import { QUEUE_MAX, SERVICE_MS } from "./rules.js";

interface Waiting {
  untilMs: number;
  done: () => void;
  drop: () => void;
}

export class BackEnd {
  readonly #context: NodeContext;
  readonly #queue: Waiting[] = [];
  #isBusy = false;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** @throws Refusal when there is no room, or no time left. */
  work({ request = null, attempt = null, leftMs }: JsonObject): Promise<JsonObject> {
    this.#context.observe("attempt", { request, attempt });
    if (this.#queue.length >= QUEUE_MAX) {
      this.#probe("the back end refused an attempt: its queue is full");
      throw new Refusal(errorCodes.temporarilyUnavailable, "too much to do");
    }
    const untilMs = this.#context.clock.monotonicMs() + Number(leftMs);
    return new Promise((resolve, reject) => {
      this.#queue.push({
        untilMs,
        done: () => resolve({ type: "work_ok" }),
        drop: () => reject(new Refusal(errorCodes.temporarilyUnavailable, "too late")),
      });
      if (!this.#isBusy) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const isTooLate = this.#context.clock.monotonicMs() + SERVICE_MS > next.untilMs;
      if (isTooLate && !this.#context.bugs.has("serves-the-departed")) {
        this.#probe("the back end dropped an attempt: its deadline is over");
        next.drop();
        continue;
      }
      await this.#context.sleep(SERVICE_MS);
      next.done();
    }
    this.#isBusy = false;
  }

  #probe(name: RetryingServiceProbe): void {
    this.#context.probe(name);
  }
}
