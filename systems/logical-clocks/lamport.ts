/**
 * Lamport's clock (1978): a counter, raised by every event (IR1) and above the stamp of every message
 * received (IR2). An effect has a higher stamp than its cause; the node's name settles ties, so that
 * all events are in one order. A higher stamp does not say that there was a cause.
 */

import type { Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { LogicalClock, Reading } from "./clock.js";

export class LamportClock implements LogicalClock {
  readonly #context: NodeContext;
  #time = 0;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  tick(): Reading {
    const { bugs, id } = this.#context;
    this.#time++;
    return { stamp: bugs.has("ties-unbroken") ? [this.#time] : [this.#time, id] };
  }

  receive(stamp: Json): Reading {
    if (!this.#context.bugs.has("no-max-on-receive")) this.restore(stamp);
    return this.tick();
  }

  restore(stamp: Json): void {
    const [time] = stamp as [number];
    this.#time = Math.max(this.#time, time);
  }
}
