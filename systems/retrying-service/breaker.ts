/**
 * A circuit breaker (Nygard 2007, Release It!): after some failures in a row nothing is asked any more for a
 * while (open); then one attempt may try (half-open), and says whether to go on (closed) or to wait again.
 * How long it waits is drawn, as breakers that open together would try together.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { RetryingServiceProbe } from "./probes.js";
import { BREAKER } from "./rules.js";

export class Breaker {
  readonly #context: NodeContext;
  #failures = 0;
  /** Until when nothing is asked; undefined while it is closed. */
  #openUntilMs: number | undefined;
  #isTrying = false;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  /** Whether an attempt may be made now. Each one admitted must be told of by `succeeded` or `failed`. */
  admits(): boolean {
    if (this.#openUntilMs === undefined) return true;
    if (this.#isTrying || this.#context.clock.monotonicMs() < this.#openUntilMs) return false;
    this.#isTrying = true;
    return true;
  }

  succeeded(): void {
    if (this.#openUntilMs !== undefined) this.#probe("a breaker closed again");
    this.#failures = 0;
    this.#openUntilMs = undefined;
    this.#isTrying = false;
  }

  failed(): void {
    this.#failures++;
    const isTrial = this.#isTrying;
    if (this.#failures < BREAKER.failures || (this.#openUntilMs !== undefined && !isTrial)) return;
    const [min, max] = BREAKER.openMs;
    if (this.#openUntilMs === undefined) this.#probe("a breaker opened");
    this.#openUntilMs = this.#context.clock.monotonicMs() + this.#context.random.between(min, max);
    this.#isTrying = false;
  }

  #probe(name: RetryingServiceProbe): void {
    this.#context.probe(name);
  }
}
