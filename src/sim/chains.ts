/**
 * Priorities over causal chains of messages: probabilistic concurrency testing (Burckhardt,
 * Kothari, Musuvathi, Nagarakatte: ASPLOS 2010) for message passing (PCTCP: Ozkan, Majumdar, Niksic,
 * Befrouei, Weissenbacher: OOPSLA 2018), with delays in the place of a scheduler.
 *
 * The first message that a node sends while it handles one goes on with that one's chain; each
 * further one begins a chain, as does what is sent from a timer, at boot, or by a client. A chain is
 * late by its level: one of `levels`, drawn by its number, until the chain falls below all others.
 * Within a link, chains overtake each other; one chain stays in order. O(1) a message.
 */

import { mix, scale } from "../random/mix.js";
import type { Message } from "./message.js";
import type { SimProbe } from "./probes.js";
import type { Parcel, Warden } from "./warden.js";

export interface PriorityOptions {
  /** What levels are drawn by: data of the plan, and not a matter of the run's seed. */
  salt: number;
  levels: number;
  /** How late a message is for each level of its chain. */
  stepUs: number;
  /** The chains of these messages fall; counted from 1 over all links covered. */
  changes: readonly number[];
}

export class Priorities implements Warden {
  readonly #options: PriorityOptions;
  readonly #changes: ReadonlySet<number>;
  readonly #probe: (name: SimProbe) => void;
  /** The chain of each message whose handling has not yet gone on with it. */
  readonly #chainOf = new WeakMap<Message, number>();
  /** Levels of the chains that fell. */
  readonly #fallen = new Map<number, number>();
  #chains = 0;
  #messages = 0;
  #falls = 0;

  constructor(options: PriorityOptions, probe: (name: SimProbe) => void) {
    this.#options = options;
    this.#changes = new Set(options.changes);
    this.#probe = probe;
  }

  see(parcel: Parcel): void {
    const { salt, levels, stepUs } = this.#options;
    const chain = this.#goOn(parcel.cause) ?? this.#chains++;
    this.#chainOf.set(parcel.message, chain);
    if (this.#changes.has(++this.#messages)) {
      this.#fallen.set(chain, levels + this.#falls++);
      this.#probe("a chain of messages fell below all others");
    }
    const level = this.#fallen.get(chain) ?? scale(mix(salt, chain), levels);
    parcel.lateUs += level * stepUs;
  }

  release(): readonly Parcel[] {
    return [];
  }

  #goOn(cause: Message | undefined): number | undefined {
    if (cause === undefined) return undefined;
    const chain = this.#chainOf.get(cause);
    this.#chainOf.delete(cause);
    return chain;
  }
}
