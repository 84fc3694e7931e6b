/**
 * Indexes, times and lines of a Jepsen file whose events become columns one by one: an index is
 * always the position, a missing time is that of the event before, and a file without any time has
 * its positions as times (drafts.ts does the same with a whole file at hand).
 */

import type { PairingOptions } from "./chronology.js";
import { eventOf, type RecordedEvent, renumbering } from "./drafts.js";
import type { HistoryEvent } from "./history.js";
import { LineIndex } from "./lines.js";
import { at } from "./recording.js";

/** What it needs to know of the columns that the events go into. */
export interface OrderedColumns {
  readonly eventCount: number;
  /** Times up to here, all of them positions, turn out to have been 0. */
  restartTimes(): void;
}

export class JepsenOrder {
  readonly lines = new LineIndex();
  /** What the columns are to be built with. */
  readonly pairing: PairingOptions;
  readonly #source: string | undefined;
  /** What was put up with while reading. */
  readonly #backwards: string[] = [];
  #renumbered: number | undefined;
  #isTimed = false;
  #time = 0;

  constructor(source: string | undefined) {
    this.#source = source;
    this.pairing = {
      source,
      lineOf: this.lines.lineOf,
      warn: (message) => this.#backwards.push(message),
    };
  }

  /**
   * The next event, on this line.
   * @param index NaN where it has none, as is `time`.
   * @returns its time.
   */
  place(columns: OrderedColumns, index: number, time: number, line: number): number {
    const position = columns.eventCount;
    this.lines.note(position, line);
    if (!Number.isNaN(index) && index !== position) this.#renumbered ??= line;
    if (Number.isNaN(time)) return this.#isTimed ? this.#time : position;
    if (!this.#isTimed) columns.restartTimes();
    this.#isTimed = true;
    this.#time = time;
    return time;
  }

  /** The next event as careful readers have it. @throws UsageError for one that is malformed. */
  eventOf(columns: OrderedColumns, draft: RecordedEvent): HistoryEvent {
    const position = columns.eventCount;
    const { index, time, line } = draft;
    const placed = time ?? (this.#isTimed ? this.#time : position);
    const event = eventOf(draft, position, placed, at(this.#source, line));
    const [indexOrNone, timeOrNone] = [index ?? Number.NaN, time ?? Number.NaN] as [number, number];
    event.time = this.place(columns, indexOrNone, timeOrNone, line);
    return event;
  }

  /**
   * Warnings, in the order in which readers of whole files give them, those given among them; to be
   * called when the columns are finished.
   */
  warnings(tuples: string[], cut: string[]): string[] {
    const renumbered =
      this.#renumbered === undefined ? [] : [renumbering(this.#source, this.#renumbered)];
    return [...tuples, ...renumbered, ...cut, ...this.#backwards];
  }
}
