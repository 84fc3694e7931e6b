/**
 * Moments of the protocol, for faults that wait for one: told from within the event in which they
 * happen, so that a fault can come between a node and the answer it is about to give.
 */

import type { Moment } from "../plan/fault.js";

/** What happens at a node: an answer about to leave, an answer that left, a term that it leads. */
export type Occasion = "ack before" | "ack after" | "leader";

type Listener = (occasion: Occasion, node: string) => void;

export class Moments {
  readonly #clock: { readonly now: number };
  readonly #listeners = new Set<Listener>();
  /** Terms in which nodes said that they lead. */
  readonly #led = new Set<string>();

  constructor(clock: { readonly now: number }) {
    this.#clock = clock;
  }

  tell(occasion: Occasion, node: string): void {
    for (const listener of this.#listeners) listener(occasion, node);
  }

  /** A node says that it leads: a moment the first time in each term. */
  leads(node: string, term: number): void {
    const said = `${term} ${node}`;
    if (this.#led.has(said)) return;
    this.#led.add(said);
    this.tell("leader", node);
  }

  /**
   * Calls back with the node of the nth such moment from `sinceUs` on, once. The returned function
   * ends the waiting; after the call it does nothing.
   */
  wait(moment: Moment, sinceUs: number, come: (node: string) => void): () => void {
    const awaited = occasionOf(moment);
    let left = moment.nth;
    const listener = (occasion: Occasion, node: string): void => {
      if (occasion !== awaited || this.#clock.now < sinceUs || --left > 0) return;
      this.#listeners.delete(listener);
      come(node);
    };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function occasionOf(moment: Moment): Occasion {
  if (moment.moment === "leader") return "leader";
  return moment.edge === "before" ? "ack before" : "ack after";
}
