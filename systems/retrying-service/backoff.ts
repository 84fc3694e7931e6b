/**
 * Exponential backoff with full jitter (Brooker 2015): the wait is drawn evenly from nothing to a limit that
 * doubles with each try. The limit takes load away, and the draw takes those apart who failed together.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { Random } from "../../src/random/random.js";
import { BACKOFF_MS } from "./rules.js";

const PARTS = 1_000;

export class Backoff {
  readonly #context: NodeContext;
  readonly #random: Random;

  constructor(context: NodeContext) {
    this.#context = context;
    // The seed is in the image that all nodes are started from: they draw the same.
    this.#random = context.bugs.has("same-seed") ? new Random([1, 2, 3]) : context.random;
  }

  /** How long to wait after that many attempts, which is recorded. */
  waitMs(attempts: number): number {
    const ofMs = BACKOFF_MS * 2 ** (attempts - 1);
    const part = this.#context.bugs.has("no-jitter") ? PARTS : this.#random.between(1, PARTS);
    const waitMs = (ofMs * part) / PARTS;
    this.#context.observe("retry", { waitMs, ofMs });
    return waitMs;
  }
}
