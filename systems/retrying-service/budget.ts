/**
 * A retry budget (Beyer et al. 2016, Site Reliability Engineering, chapter 21): retries are a share of
 * requests, a fifth here, with some saved up for bad moments. When everything fails, load grows by a fifth
 * and not by a factor of three.
 */

import { BUDGET } from "./rules.js";

export class Budget {
  #tokens: number = BUDGET.max;

  /** A request has been made. */
  earn(): void {
    this.#tokens = Math.min(BUDGET.max, this.#tokens + BUDGET.earnedPerRequest);
  }

  /** Whether a retry may be made; it is paid for. */
  pay(): boolean {
    if (this.#tokens < BUDGET.paidPerRetry) return false;
    this.#tokens -= BUDGET.paidPerRetry;
    return true;
  }
}
