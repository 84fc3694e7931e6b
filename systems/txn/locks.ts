/**
 * A lock table: shared and exclusive locks on keys, queues in order of arrival, and wait-die
 * (Rosenkrantz, Stearns and Lewis, 1978): who would have to wait for anybody older than himself
 * dies, so that nobody waits in a circle. Age counts from a transaction's first lock here, unless
 * it is given: where a transaction takes locks of several tables, it must be as old in all of them.
 */

import type { LockMode } from "./messages.js";

interface Claim {
  owner: string;
  mode: LockMode;
}

interface Queue {
  holders: Claim[];
  waiters: Claim[];
}

export type LockAnswer = "granted" | "waits" | "dies";

export class LockTable {
  readonly #queues = new Map<string, Queue>();
  /** Order of first locks, by owner. */
  readonly #ages = new Map<string, number>();
  #lastAge = 0;

  knows(owner: string): boolean {
    return this.#ages.has(owner);
  }

  get owners(): Iterable<string> {
    return this.#ages.keys();
  }

  /**
   * Asking again for what one has, or waits for, changes nothing. `born` is the owner's age where
   * it counts from elsewhere, lower for older. O(claims on the key).
   */
  acquire(owner: string, key: string, mode: LockMode, born?: number): LockAnswer {
    const age = this.#age(owner, born);
    const queue = this.#queue(key);
    const held = queue.holders.find((claim) => claim.owner === owner);
    if (held?.mode === "exclusive" || held?.mode === mode) return "granted";
    if (queue.waiters.some((claim) => claim.owner === owner && claim.mode === mode)) return "waits";
    // Whoever strengthens a lock goes before those who have none: they would wait for it anyway.
    const ahead = held === undefined ? [...queue.holders, ...queue.waiters] : queue.holders;
    const inTheWay = ahead.filter((claim) => conflict(claim, { owner, mode }));
    if (inTheWay.length === 0) {
      grant(queue, { owner, mode });
      return "granted";
    }
    if (inTheWay.some((claim) => this.#age(claim.owner) < age)) return "dies";
    if (held === undefined) queue.waiters.push({ owner, mode });
    else queue.waiters.unshift({ owner, mode });
    return "waits";
  }

  /** Frees everything of one owner; returns whose waiting has ended with a lock. O(keys). */
  release(owner: string): string[] {
    const lucky: string[] = [];
    this.#ages.delete(owner);
    for (const [key, queue] of this.#queues) {
      queue.holders = queue.holders.filter((claim) => claim.owner !== owner);
      queue.waiters = queue.waiters.filter((claim) => claim.owner !== owner);
      for (;;) {
        const next = queue.waiters[0];
        if (next === undefined || queue.holders.some((claim) => conflict(claim, next))) break;
        queue.waiters.shift();
        grant(queue, next);
        lucky.push(next.owner);
      }
      if (queue.holders.length === 0) this.#queues.delete(key);
    }
    return lucky;
  }

  #age(owner: string, born?: number): number {
    let age = this.#ages.get(owner);
    if (age === undefined) this.#ages.set(owner, (age = born ?? ++this.#lastAge));
    return age;
  }

  #queue(key: string): Queue {
    let queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, (queue = { holders: [], waiters: [] }));
    return queue;
  }
}

function conflict(left: Claim, right: Claim): boolean {
  if (left.owner === right.owner) return false;
  return left.mode === "exclusive" || right.mode === "exclusive";
}

function grant(queue: Queue, claim: Claim): void {
  queue.holders = queue.holders.filter(({ owner }) => owner !== claim.owner);
  queue.holders.push(claim);
}
