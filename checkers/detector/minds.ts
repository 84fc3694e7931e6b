/** What each node believed of each other one, and when, as the nodes recorded it. */

import type { History, HistoryEvent } from "../../histories/history.js";
import { isJsonObject } from "../../src/base/json.js";

/** A change of a node's mind about another one. */
export interface Turn {
  atNs: number;
  says: string;
  event: HistoryEvent;
}

export class Minds {
  /** When each node began each of its lives. */
  readonly #starts = new Map<string, Turn[]>();
  readonly #turns = new Map<string, Turn[]>();
  readonly #boots = new Map<string, number>();

  constructor({ observations }: History) {
    for (const event of observations) {
      const { process, f, value, time } = event;
      if (typeof process !== "string" || !isJsonObject(value)) continue;
      const turn = { atNs: time, says: f, event };
      if (f === "started") {
        push(this.#starts, process, turn);
        this.#boots.set(process, Number(value["boot"]));
      } else if (typeof value["node"] === "string") {
        push(this.#turns, pairOf(process, value["node"]), turn);
      }
    }
  }

  get nodes(): string[] {
    return [...this.#starts.keys()].sort();
  }

  startsOf(node: string): readonly Turn[] {
    return this.#starts.get(node) ?? [];
  }

  /** The number of its last life. */
  lastBootOf(node: string): number {
    return this.#boots.get(node) ?? 0;
  }

  turns(observer: string, subject: string): readonly Turn[] {
    return this.#turns.get(pairOf(observer, subject)) ?? [];
  }

  /**
   * The last of these words of the observer about the subject by then, in the life that it led then;
   * undefined where it has said none of them since it began that life.
   */
  lastSaid(
    observer: string,
    subject: string,
    words: readonly string[],
    byNs: number,
  ): Turn | undefined {
    const bornNs = this.startsOf(observer).findLast(({ atNs }) => atNs <= byNs)?.atNs ?? 0;
    return this.turns(observer, subject).findLast(
      ({ atNs, says }) => atNs >= bornNs && atNs <= byNs && words.includes(says),
    );
  }
}

function pairOf(observer: string, subject: string): string {
  return `${observer} ${subject}`;
}

function push(map: Map<string, Turn[]>, key: string, turn: Turn): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [turn]);
  else list.push(turn);
}
