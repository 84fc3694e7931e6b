/**
 * The order in which the runs of a campaign count: by seed, then by subject (system and workload).
 * And its division among shards, which together carry out every run once.
 */

import { ISLAND_SEEDS } from "./guide.js";
import type { RunSpec } from "./prepare.js";

export interface Seeds {
  from: number;
  /** The last one; infinite, when something else ends the campaign. */
  to: number;
}

export interface Order {
  count: number;
  /** Throws for no ordinal; beyond `count` there is nothing to run. */
  run(ordinal: number): RunSpec;
  /** The runs that learn from each other in a guided campaign have one number. */
  islandOf(ordinal: number): number;
}

/** `subjects`: what is run with each seed, in its order; their own seeds do not matter. */
export function orderOf(subjects: readonly RunSpec[], { from, to }: Seeds): Order {
  const seedOf = (ordinal: number): number => from + Math.floor(ordinal / subjects.length);
  return {
    count: (to - from + 1) * subjects.length,
    run: (ordinal) => ({
      ...(subjects[ordinal % subjects.length] as RunSpec),
      seed: seedOf(ordinal),
    }),
    islandOf: (ordinal) => {
      const blocks = Math.floor(seedOf(ordinal) / ISLAND_SEEDS) - Math.floor(from / ISLAND_SEEDS);
      return blocks * subjects.length + (ordinal % subjects.length);
    },
  };
}

/** `index` counts from 1 to `of`. */
export interface Shard {
  index: number;
  of: number;
}

/** Which runs are a shard's: every nth, or every nth island where runs learn from each other. */
export function shareOf(
  { index, of }: Shard,
  order: Order,
  guided: boolean,
): (ordinal: number) => boolean {
  return guided
    ? (ordinal) => order.islandOf(ordinal) % of === index - 1
    : (ordinal) => ordinal % of === index - 1;
}

/** How many of the runs are a shard's. O(1) unless guided. */
export function sizeOf(shard: Shard, order: Order, guided: boolean): number {
  if (!Number.isFinite(order.count)) return order.count;
  if (!guided) return Math.max(0, Math.ceil((order.count - shard.index + 1) / shard.of));
  const mine = shareOf(shard, order, guided);
  let size = 0;
  for (let ordinal = 0; ordinal < order.count; ordinal++) if (mine(ordinal)) size++;
  return size;
}
