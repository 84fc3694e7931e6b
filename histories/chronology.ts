/**
 * The order that every history keeps, whether its events become objects (pairing.ts) or columns
 * (columns-builder.ts): indexes are positions, times are integers that do not go backwards. And how
 * a refusal names the place of an event.
 */

import { EventError, UsageError } from "../src/base/errors.js";
import { at } from "./recording.js";

export interface PairingOptions {
  /** The file, for messages. */
  source?: string | undefined;
  /** The line of the event at a position, for messages. */
  lineOf?: ((position: number) => number) | undefined;
  /** Receives what is otherwise refused: time that goes backwards (formats that put up with it). */
  warn?: ((message: string) => void) | undefined;
}

export class Chronology {
  readonly #options: PairingOptions;
  #previous = Number.NEGATIVE_INFINITY;
  #backwards = 0;
  #backwardsFirst = 0;

  constructor(options: PairingOptions) {
    this.#options = options;
  }

  /** @throws UsageError for an event that cannot stand at this position. */
  check(position: number, index: number, time: number): void {
    if (index !== position) {
      this.refuse(position, `index ${index} where ${position} is next: count events from 0`);
    }
    if (!Number.isInteger(time)) {
      this.refuse(position, `time ${time} is not an integer: write nanoseconds`);
    }
    if (time < this.#previous) {
      if (!this.#options.warn) {
        const step = `time goes backwards, from ${this.#previous} to ${time}`;
        this.refuse(position, `${step}: record events in the order in which they happened`);
      }
      if (this.#backwards === 0) this.#backwardsFirst = position;
      this.#backwards += 1;
    }
    this.#previous = time;
  }

  /** Times up to here turn out to have been 0 (see drafts.ts). */
  restart(): void {
    this.#previous = 0;
  }

  /** Warns of what was put up with; to be called once, after the last event. */
  finish(): void {
    if (this.#backwards === 0) return;
    const times = this.#backwards === 1 ? "once" : `${this.#backwards} times`;
    const first = this.place(this.#backwardsFirst);
    this.#options.warn?.(
      `${at(this.#options.source)}time goes backwards ${times}, first at ${first}`,
    );
  }

  /** An event in the middle of a sentence. */
  place(position: number): string {
    const { lineOf } = this.#options;
    return lineOf ? `line ${lineOf(position)}` : `event ${position}`;
  }

  /** @throws UsageError, always: the event at this position is not to be accepted. */
  refuse(position: number, reason: string): never {
    const { source, lineOf } = this.#options;
    if (source === undefined && lineOf === undefined) throw new EventError(position, reason);
    const where = lineOf ? at(source, lineOf(position)) : `${at(source)}event ${position}: `;
    throw new UsageError(`${where}${reason}`);
  }
}
