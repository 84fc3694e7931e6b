/**
 * A consumer's lease on a job: until when nobody else is given it.
 *
 * Counted from before the question was sent, and shortened by what two clocks may drift apart, so that it
 * is over here before it is over at the broker. Long work renews it in time.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { DRIFT_PPM_MAX } from "./job.js";

export class Lease {
  readonly #context: NodeContext;
  readonly #lengthMs: number;
  #untilMs: number;

  /** It began at the broker when `waitedMs` had passed there since the question came. */
  constructor(context: NodeContext, { askedMs, waitedMs }: { askedMs: number; waitedMs: number }) {
    this.#context = context;
    this.#lengthMs = Number(context.options["visibilityMs"]);
    this.#untilMs = askedMs + surely(waitedMs + this.#lengthMs);
    // Work is taken to be done before the time is over: nobody looks at the clock, nor asks for more.
    if (context.bugs.has("timeout-below-work")) this.#untilMs = Number.POSITIVE_INFINITY;
  }

  renewed(askedMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, askedMs + surely(this.#lengthMs));
  }

  get isOver(): boolean {
    return this.#leftMs <= 0;
  }

  /** Less than half is left. */
  get isToBeRenewed(): boolean {
    return this.#leftMs < this.#lengthMs / 2;
  }

  get #leftMs(): number {
    return this.#untilMs - this.#context.clock.monotonicMs();
  }
}

/** So much time here is less than that much there: each clock may be off by so much, in both ways. */
function surely(ms: number): number {
  return (ms * (1_000_000 - 2 * DRIFT_PPM_MAX)) / 1_000_000;
}
