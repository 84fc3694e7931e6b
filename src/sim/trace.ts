/**
 * What a run promises to repeat: a rolling hash over everything that happened, always on, with a
 * checkpoint every 1,024 events; and the trace itself, only when asked for.
 *
 * Two lanes of 32-bit integer mixing, about 3 ns a word. Not cryptographic: it guards against
 * divergence, not against forgery.
 */

import type { Json } from "../base/json.js";
import { avalanche } from "../random/mix.js";

export const CHECKPOINT_EVENTS = 1024;

export class TraceHash {
  #a = 0x6a09e667;
  #b = 0x3c6ef372;
  #events = 0;
  readonly checkpoints: string[] = [];

  get events(): number {
    return this.#events;
  }

  /** Takes in one word of content. */
  word(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x9e3779b1);
    this.#a = a ^ (a >>> 15);
    const b = this.#b;
    this.#b = Math.imul(((b << 13) | (b >>> 19)) + word, 0x85ebca6b);
  }

  /** Takes in the time and the nature of an event. Times pass 32 bits after 71 virtual minutes. */
  event(timeUs: number, word: number): void {
    this.word(timeUs | 0);
    if (timeUs > 0x7fffffff) this.word(Math.floor(timeUs / 4294967296));
    this.word(word);
  }

  /** Ends an event; every 1,024th leaves a checkpoint. */
  endEvent(): void {
    this.#events++;
    if ((this.#events & (CHECKPOINT_EVENTS - 1)) === 0) this.checkpoints.push(this.digest());
  }

  /** 16 hex digits over everything so far. */
  digest(): string {
    const high = avalanche(this.#a ^ this.#events);
    const low = avalanche(this.#b ^ Math.imul(this.#a, 0x27d4eb2f));
    return hex(high) + hex(low);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** One event of a recorded trace, a line of trace.jsonl. */
export interface TraceRecord {
  /** Ordinal of the event, from 0. */
  n: number;
  timeUs: number;
  kind: string;
  /** Who acted: a node, a client, or the link of a message. */
  who: string;
  detail?: Json;
  /** What became of what it sent: lost, cut, doubled … */
  effects?: string[];
  /**
   * The random streams drawn from while it ran, in the order of the first draw: `link/n1/n2`,
   * `node/n1 x3` for three draws, `order` where it was drawn that this event came before another.
   */
  draws?: string[];
  /** The rolling hash after this event. */
  hash: string;
}

/** Collects trace records; kept only on the second run of a seed, since it costs half the speed. */
export class Recorder {
  readonly records: TraceRecord[] = [];
  #effects: string[] = [];
  readonly #draws = new Map<string, number>();

  /** A draw from the stream of that name. */
  draw(name: string): void {
    this.#draws.set(name, (this.#draws.get(name) ?? 0) + 1);
  }

  effect(text: string): void {
    this.#effects.push(text);
  }

  event(record: Omit<TraceRecord, "effects" | "draws">): void {
    const { hash, ...rest } = record;
    this.records.push({
      ...rest,
      ...(this.#effects.length > 0 ? { effects: this.#effects } : {}),
      ...(this.#draws.size > 0 ? { draws: [...this.#draws].map(timesOf) } : {}),
      hash,
    });
    this.#effects = [];
    this.#draws.clear();
  }
}

function timesOf([name, count]: readonly [string, number]): string {
  return count === 1 ? name : `${name} x${count}`;
}
