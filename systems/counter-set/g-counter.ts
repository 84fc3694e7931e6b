/**
 * A grow-only counter (G-Counter, Shapiro et al. 2011): one slot per replica, of which only that
 * replica adds to its own. The merge takes the larger of each slot, which is commutative,
 * associative and idempotent: a state may arrive late, twice, or by way of others.
 */

import type { JsonObject } from "../../src/base/json.js";

export class GCounter {
  readonly #slots: Map<string, number>;

  /** From its JSON form; empty when there is none. */
  constructor(slots: JsonObject = {}) {
    this.#slots = new Map(Object.entries(slots) as [string, number][]);
  }

  add(replica: string, delta: number): void {
    this.#slots.set(replica, this.of(replica) + delta);
  }

  /** The sum of what all replicas added, as far as it is known here. */
  total(): number {
    let sum = 0;
    for (const count of this.#slots.values()) sum += count;
    return sum;
  }

  of(replica: string): number {
    return this.#slots.get(replica) ?? 0;
  }

  /** True when the other knew something new. `join` joins the two counts of a slot. */
  merge(other: JsonObject, join: (mine: number, theirs: number) => number = Math.max): boolean {
    let changed = false;
    for (const [replica, theirs] of Object.entries(other) as [string, number][]) {
      const joined = join(this.of(replica), theirs);
      if (joined === this.of(replica)) continue;
      this.#slots.set(replica, joined);
      changed = true;
    }
    return changed;
  }

  toJson(): JsonObject {
    return Object.fromEntries(this.#slots);
  }
}
