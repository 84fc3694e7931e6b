/**
 * Wardens that keep messages back until they are lifted: a clog keeps all, a hold just one.
 *
 * A message that is let go sets out at that instant, and takes as long as its link is slow then.
 * What becomes of it otherwise (whether it is lost) was decided when it was sent.
 */

import type { SimProbe } from "./probes.js";
import type { Parcel, Warden } from "./warden.js";

type Probe = (name: SimProbe) => void;

/** Keeps everything: what was sent meanwhile comes as a burst, in its order. */
export class Clog implements Warden {
  readonly #kept: Parcel[] = [];
  readonly #probe: Probe;

  constructor(probe: Probe) {
    this.#probe = probe;
  }

  see(parcel: Parcel): void {
    parcel.keepers++;
    this.#kept.push(parcel);
  }

  release(): readonly Parcel[] {
    if (this.#kept.some(({ gone }) => !gone)) this.#probe("a clog let go what had piled up");
    return this.#kept;
  }
}

export interface HoldOptions {
  /** Which message, from 1, over all links covered. */
  nth: number;
  /** Counts only messages of this body type. */
  type?: string;
}

/** Keeps the nth message alone: those sent after it overtake it. */
export class Hold implements Warden {
  readonly #options: HoldOptions;
  readonly #probe: Probe;
  #seen = 0;
  #kept: Parcel | undefined;
  /** When the last message before it on its link was due. */
  #dueBefore = 0;

  constructor(options: HoldOptions, probe: Probe) {
    this.#options = options;
    this.#probe = probe;
  }

  see(parcel: Parcel): void {
    const { nth, type } = this.#options;
    if (type !== undefined && parcel.message.body["type"] !== type) return;
    if (++this.#seen !== nth) return;
    parcel.keepers++;
    parcel.overtaken = true;
    this.#kept = parcel;
    this.#dueBefore = parcel.link.lastArrival;
  }

  release(nowUs: number): readonly Parcel[] {
    const kept = this.#kept;
    if (kept === undefined) return [];
    const { lastArrival } = kept.link;
    if (!kept.gone && lastArrival > this.#dueBefore && lastArrival <= nowUs) {
      this.#probe("a message was held while others overtook it");
    }
    return [kept];
  }
}
