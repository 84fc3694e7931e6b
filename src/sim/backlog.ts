/**
 * What a slow node has yet to do: one thing after the other, in the order in which they came.
 *
 * Everything takes the same time, the longest that any fault asks for. When the last one is lifted,
 * what still waits is due at once, in its order.
 */

import type { KernelEvent } from "./kernel.js";

export interface BacklogEnvironment {
  nowUs(): number;
  /** An event of the node at a later time. */
  at(timeUs: number, action: () => void): KernelEvent;
  cancel(event: KernelEvent): void;
  /** Something has to wait for what came before it. */
  waits(): void;
}

export class Backlog {
  readonly #environment: BacklogEnvironment;
  /** What each thing costs, by fault. */
  readonly #costs = new Map<number, number>();
  #waiting: { action: () => void; event: KernelEvent }[] = [];
  /** When the last thing that waits is done. */
  #doneUs = 0;

  constructor(environment: BacklogEnvironment) {
    this.#environment = environment;
  }

  /** Whether what happens now has to queue up. */
  get isSlow(): boolean {
    return this.#costs.size > 0 || this.#waiting.length > 0;
  }

  add(action: () => void): void {
    if (this.#waiting.length > 0) this.#environment.waits();
    const costUs = Math.max(0, ...this.#costs.values());
    this.#doneUs = Math.max(this.#doneUs, this.#environment.nowUs()) + costUs;
    this.#push(action);
  }

  slow(id: number, costUs: number): void {
    this.#costs.set(id, costUs);
  }

  /** Lifts one fault. O(waiting). */
  hasten(id: number): void {
    this.#costs.delete(id);
    if (this.#costs.size > 0) return;
    const waiting = this.#waiting;
    this.clear();
    this.#doneUs = this.#environment.nowUs();
    for (const { action } of waiting) this.#push(action);
  }

  /** The node is gone, and what it had to do with it. */
  clear(): void {
    for (const { event } of this.#waiting) this.#environment.cancel(event);
    this.#waiting = [];
    this.#doneUs = 0;
  }

  #push(action: () => void): void {
    const event = this.#environment.at(this.#doneUs, () => this.#waiting.shift()?.action());
    this.#waiting.push({ action, event });
  }
}
