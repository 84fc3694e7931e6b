/**
 * What one replica has: the writes that it has applied, in an order that respects causes, and of each
 * key the one that wins.
 *
 * A write depends on everything that its replica had applied (a vector: of each node so many
 * writes). It is applied elsewhere when that has been. The winner of a key is the write with the
 * highest stamp; a stamp is higher than all that its writer's replica had applied.
 */

import type { Json } from "../../src/base/json.js";
import type { Disk } from "../../src/hosts/ts/node.js";
import { DurableLog } from "../sessions/durable-log.js";

/** A Lamport clock's time, made unique by the node. */
export type Stamp = { time: number; node: string };

/** Of each node, how many of its writes. */
export type Vector = { [node: string]: number };

export type Write = {
  /** Where it was made, and as which of that node's writes, from 1. */
  origin: string;
  place: number;
  after: Vector;
  stamp: Stamp;
  key: string;
  value: Json;
  /** The request, for a duplicate of it to be known. */
  session: string;
  number: number;
};

export function isLater(left: Stamp, right: Stamp): boolean {
  return left.time !== right.time ? left.time > right.time : left.node > right.node;
}

export class Replica {
  readonly #log: DurableLog<Write>;
  readonly #winners = new Map<string, Write>();
  readonly #numbers = new Map<string, number>();
  /** What is in the log, durable or not. */
  readonly staged: Vector = {};
  /** What is applied. */
  readonly applied: Vector = {};
  /** The highest stamp in the log. */
  time = 0;

  constructor(disk: Disk) {
    this.#log = new DurableLog(disk, "writes", (write: Write) => this.#apply(write));
  }

  read(key: string): Json {
    return this.#winners.get(key)?.value ?? null;
  }

  /** The last request of a session that made a write here. */
  numberOf(session: string): number {
    return this.#numbers.get(session) ?? 0;
  }

  has({ origin, place }: Write): boolean {
    return place <= (this.staged[origin] ?? 0);
  }

  /** Is everything here that the write depends on? O(nodes). */
  mayTake({ origin, place, after }: Write): boolean {
    if (place !== (this.staged[origin] ?? 0) + 1) return false;
    return Object.entries(after).every(([node, count]) => (this.staged[node] ?? 0) >= count);
  }

  /** Resolves when it is applied, hence durable. */
  take(write: Write): Promise<void> {
    this.#stage(write);
    return this.#log.append(write);
  }

  /** Applied writes that somebody who has `vector` lacks, in an order that respects causes. O(log). */
  lackedBy(vector: Vector, countMax: number): Write[] {
    return this.#log
      .slice(0, this.#log.applied)
      .filter(({ origin, place }) => place > (vector[origin] ?? 0))
      .slice(0, countMax);
  }

  #stage({ origin, place, stamp, session, number }: Write): void {
    this.staged[origin] = Math.max(this.staged[origin] ?? 0, place);
    this.time = Math.max(this.time, stamp.time);
    this.#numbers.set(session, Math.max(this.numberOf(session), number));
  }

  #apply(write: Write): void {
    this.#stage(write);
    const { origin, place, key } = write;
    this.applied[origin] = Math.max(this.applied[origin] ?? 0, place);
    const winner = this.#winners.get(key);
    if (winner === undefined || isLater(write.stamp, winner.stamp)) this.#winners.set(key, write);
  }
}
