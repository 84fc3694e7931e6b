/**
 * Faults that decide on messages one by one, as they are sent: they keep them back, or make them
 * late. Links without such a fault know nothing of all this.
 */

import type { Message } from "./message.js";

/** A message between being sent and setting out on its link. */
export interface Parcel {
  readonly message: Message;
  /** Its link, and when the last message that keeps the order there is due, or was. */
  readonly link: { readonly lastArrival: number; readonly lane: number };
  /** The message that its sender was handling when it sent this one. */
  readonly cause: Message | undefined;
  /** Sets out outside the order of its link: others may overtake it. */
  overtaken: boolean;
  /** How much later than usual it arrives, microseconds. */
  lateUs: number;
  /** How many wardens keep it; it sets out when the last one lets it go. */
  keepers: number;
  /** Lost, or stopped by a cut: nothing is left to set out. */
  gone: boolean;
  /** Puts it on its link as it is now. */
  readonly setOut: () => void;
}

export interface Warden {
  /** Sees every message that is sent on its links, in order, before it is known what becomes of it. */
  see(parcel: Parcel): void;
  /** The fault is lifted. Returns what it had kept, in the order in which it was sent. */
  release(nowUs: number): readonly Parcel[];
}
