/**
 * Where the load goes: what to do next so that nodes are asked equally often.
 *
 * A range that gets more than half of all requests, of more than one key, is cut in two. Else the shard
 * asked for most, of the node asked most, goes to the node asked least: greedy, without memory, and with
 * no regard for what a move costs. So one hot key wanders from node to node for ever. A store that has to
 * pay for its moves would want a threshold; a test wants moves.
 */

import { type Shard, shardAt, type Table } from "./table.js";

/** More ranges than that are not made. */
const SHARDS_MAX = 16;

export type Advice =
  | { kind: "move"; shard: Shard; to: string }
  /** `at`: the key with which the second half begins. */
  | { kind: "split"; shard: Shard; at: string };

export interface Balance {
  table: Table;
  members: readonly string[];
  placeOf(key: string): string;
  splits: boolean;
}

export class Balancer {
  /** Requests by key, older ones counting less. */
  readonly #heat = new Map<string, number>();

  add(heat: { readonly [key: string]: number }): void {
    for (const [key, count] of Object.entries(heat)) {
      this.#heat.set(key, (this.#heat.get(key) ?? 0) + count);
    }
  }

  /** What to do next, if anything; forgets half of what it knows. O(keys * shards). */
  advise(balance: Balance): Advice | undefined {
    const advice = (balance.splits ? this.#split(balance) : undefined) ?? this.#move(balance);
    for (const [key, count] of this.#heat) {
      if (count > 1) this.#heat.set(key, count >> 1);
      else this.#heat.delete(key);
    }
    return advice;
  }

  #split({ table, placeOf }: Balance): Advice | undefined {
    if (table.shards.length >= SHARDS_MAX) return undefined;
    const keys = new Map<string, [key: string, count: number][]>();
    for (const [key, count] of this.#heat) {
      const { from } = shardAt(table, placeOf(key));
      keys.set(from, [...(keys.get(from) ?? []), [key, count]]);
    }
    const all = sum([...this.#heat.values()]);
    for (const shard of table.shards) {
      const own = (keys.get(shard.from) ?? []).sort(([a], [b]) => (a < b ? -1 : 1));
      const heat = sum(own.map(([, count]) => count));
      if (own.length < 2 || 2 * heat <= all) continue;
      // The first key that is not in the colder half from the left; never the very first.
      let left = 0;
      const at = own.findIndex(([, count], i) => {
        const isHalf = i > 0 && 2 * (left + count) > heat;
        left += count;
        return isHalf;
      });
      return { kind: "split", shard, at: placeOf(own[Math.max(1, at)]?.[0] as string) };
    }
    return undefined;
  }

  #move({ table, members, placeOf }: Balance): Advice | undefined {
    const byShard = new Map<string, number>();
    const byNode = new Map(members.map((member) => [member, 0]));
    for (const [key, count] of this.#heat) {
      const { from, owner } = shardAt(table, placeOf(key));
      byShard.set(from, (byShard.get(from) ?? 0) + count);
      byNode.set(owner, (byNode.get(owner) ?? 0) + count);
    }
    const order = members.toSorted((a, b) => (byNode.get(b) ?? 0) - (byNode.get(a) ?? 0));
    const [busiest, idlest] = [order[0], order.at(-1)];
    if (idlest === undefined || busiest === idlest) return undefined;
    const [shard] = table.shards
      .filter(({ from, owner }) => owner === busiest && byShard.has(from))
      .sort((a, b) => (byShard.get(b.from) ?? 0) - (byShard.get(a.from) ?? 0));
    return shard === undefined ? undefined : { kind: "move", shard, to: idlest };
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
