/**
 * How long messages travel, and whether they keep their order, by what holds of the network as a whole:
 * its timing model, and what nodes talk over.
 *
 * Latency is alpha + size / beta plus an exponential jitter, and a heavy tail where links between
 * nodes are asynchronous. Unreliable channels have no order, and lose or double a few messages.
 */

import type { Channel } from "../plan/plan.js";
import type { Timing } from "../plan/timing.js";
import { mix } from "../random/mix.js";
import type { Kernel } from "./kernel.js";
import { exponential } from "./latency.js";
import { isBetweenNodes, type Link, type LinkConditions } from "./link.js";
import { heavyTailed, Pace } from "./pace.js";

export interface Manner {
  timing?: Timing | undefined;
  channel?: Channel | undefined;
}

/** Of what is sent over unreliable channels: how many messages in a million are lost or doubled. */
const datagrams = { lossPpm: 2_000, duplicatePpm: 1_000 };

export class Travel {
  readonly #kernel: Kernel;
  readonly #base: LinkConditions;
  readonly #pace: Pace | undefined;
  readonly #hasDatagrams: boolean;

  constructor(kernel: Kernel, base: LinkConditions, { timing, channel }: Manner) {
    this.#kernel = kernel;
    this.#base = base;
    this.#pace = timing && new Pace(timing);
    this.#hasDatagrams = channel === "unreliable";
  }

  /** What a link is like before any fault. A copy. */
  conditionsOf(link: Link): LinkConditions {
    const isUnsound = this.#hasDatagrams && isBetweenNodes(link);
    return { ...this.#base, ...(isUnsound ? datagrams : {}) };
  }

  /** How long a message takes that sets out now and meets no other. */
  delayUs(link: Link, word: number, size: number): number {
    const { delayUs, jitterUs, bytesPerSecond } = link.conditions;
    let delay = delayUs + exponential(mix(word, 2), jitterUs);
    if (bytesPerSecond > 0) delay += Math.ceil((size * 1_000_000) / bytesPerSecond);
    if (this.#isWild(link)) delay += heavyTailed(mix(word, 9), mix(word, 10), jitterUs);
    return delay;
  }

  /** Whether messages of a link arrive in the order in which they set out. */
  hasOrder(link: Link): boolean {
    return !this.#isWild(link) && !(this.#hasDatagrams && isBetweenNodes(link));
  }

  /** The arrival of what sets out now, no later than the timing model allows. */
  inTime(arrivalUs: number): number {
    return this.#pace === undefined
      ? arrivalUs
      : Math.min(arrivalUs, this.#pace.latest(this.#kernel.now));
  }

  /** When what could not set out must do so, now that it can. */
  latestTry(): number {
    return this.#pace?.boundFrom(this.#kernel.now) ?? Number.POSITIVE_INFINITY;
  }

  #isWild(link: Link): boolean {
    return this.#pace?.isWild(this.#kernel.now) === true && isBetweenNodes(link);
  }
}
