/**
 * A front end: has each request tried until one attempt is answered, as far as deadline, budget and breaker
 * allow. It is the only layer that retries. It makes requests of its own, too, beside those of clients.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Backoff } from "./backoff.js";
import { Breaker } from "./breaker.js";
import { Budget } from "./budget.js";
import type { RetryingServiceProbe } from "./probes.js";
import {
  ATTEMPT_MS,
  ATTEMPTS_MAX,
  DEADLINE_MS,
  REQUESTS_PER_SECOND,
  SERVICE_MS,
  WAY_MS,
  WINDOW_MS,
} from "./rules.js";

/** Has an attempt made. @throws RpcTimeout, Refusal. */
export type Attempt = (body: JsonObject, timeoutMs: number) => Promise<unknown>;

/** What a client may be told: `refused` is sure to have reached nobody. */
export type Outcome = "answered" | "failed" | "refused";

export class FrontEnd {
  readonly #context: NodeContext;
  readonly #attempt: Attempt;
  readonly #backoff: Backoff;
  readonly #budget: Budget | undefined;
  readonly #breaker: Breaker | undefined;
  readonly #everyMs: number;
  #asked = 0;
  #answered = 0;

  constructor(context: NodeContext, attempt: Attempt) {
    const { budget, breaker } = context.options;
    this.#context = context;
    this.#attempt = attempt;
    this.#backoff = new Backoff(context);
    this.#budget = budget === true ? new Budget() : undefined;
    this.#breaker = breaker === true ? new Breaker(context) : undefined;
    this.#everyMs = (1_000 * context.nodes.length) / REQUESTS_PER_SECOND;
  }

  /** `life` tells the requests of one boot from those of another. */
  start(life: string): void {
    const { random, after } = this.#context;
    const request = (count: number): void => {
      after((this.#everyMs * random.between(500, 1_500)) / 1_000, () => {
        request(count + 1);
        void this.call(`${life}/${count}`);
      });
    };
    const tell = (): void => {
      after(WINDOW_MS, tell);
      this.#context.observe("goodput", { asked: this.#asked, answered: this.#answered });
      this.#asked = 0;
      this.#answered = 0;
    };
    request(0);
    after(WINDOW_MS, tell);
  }

  async call(request: string): Promise<Outcome> {
    const outcome = await this.#call(request);
    this.#asked++;
    if (outcome === "answered") this.#answered++;
    return outcome;
  }

  async #call(request: string): Promise<Outcome> {
    const { clock, sleep } = this.#context;
    const deadlineMs = clock.monotonicMs() + DEADLINE_MS;
    this.#budget?.earn();
    for (let attempts = 1; ; attempts++) {
      if (this.#breaker?.admits() === false) {
        this.#probe("a request was refused by an open breaker");
        return attempts === 1 ? "refused" : "failed";
      }
      const leftMs = Math.min(ATTEMPT_MS, deadlineMs - clock.monotonicMs());
      if (await this.#try({ request, attempt: String(attempts), leftMs })) return "answered";
      if (attempts === ATTEMPTS_MAX) return "failed";
      if (this.#budget?.pay() === false) {
        this.#probe("a retry was not made: the budget is used up");
        return "failed";
      }
      const waitMs = this.#backoff.waitMs(attempts);
      if (clock.monotonicMs() + waitMs + SERVICE_MS + WAY_MS > deadlineMs) {
        this.#probe("a retry was not made: the deadline is too near");
        return "failed";
      }
      this.#probe("an attempt failed and was tried again");
      await sleep(waitMs);
    }
  }

  async #try(body: { request: string; attempt: string; leftMs: number }): Promise<boolean> {
    try {
      await this.#attempt({ type: "serve", ...body }, body.leftMs);
      this.#breaker?.succeeded();
      return true;
    } catch {
      // A refusal and a time-out are both a failure, and a reason to be careful.
      this.#breaker?.failed();
      return false;
    }
  }

  #probe(name: RetryingServiceProbe): void {
    this.#context.probe(name);
  }
}
