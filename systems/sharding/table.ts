/**
 * The table: which node owns which shard, in which epoch.
 *
 * Keys have places in one order, and a shard is what lies from its own beginning up to the next one's. An
 * epoch belongs to one owner for ever: whoever gets a shard gets it under a new one. Versions number the
 * tables that the coordinator has published; of one version there is one table. All of this is plain data,
 * and a change makes a new table.
 */

import { rangeOf } from "./placement.js";

export type Shard = {
  /** Where it begins; also its name. */
  from: string;
  owner: string;
  epoch: number;
  /** The version of the table that first had this owner and epoch. */
  since: number;
};

export type Table = {
  version: number;
  /** In order; the first begins at the empty text. */
  shards: Shard[];
};

export const FIRST_VERSION = 1;
const FIRST_EPOCH = 1;

/** The table of a new store. */
export function firstTable(parts: readonly { from: string; owner: string }[]): Table {
  const shards = parts.map((part) => ({ ...part, epoch: FIRST_EPOCH, since: FIRST_VERSION }));
  return { version: FIRST_VERSION, shards };
}

/** The shard in which a place is. O(log shards). */
export function shardAt({ shards }: Table, place: string): Shard {
  const bounds = shards.map(({ from }) => from);
  return shards[rangeOf(place, bounds)] as Shard;
}

/** Where a shard ends: at the beginning of the next, or (null) nowhere. */
export function endOf({ shards }: Table, { from }: Shard): string | null {
  return shards[shards.findIndex((shard) => shard.from === from) + 1]?.from ?? null;
}

/** What becomes of shards: a new owner or epoch, or a cut that makes two of one. */
export type Edit = { from: string; owner: string; epoch: number };

/** The next version of the table. O(shards * edits). */
export function edited({ version, shards }: Table, edits: readonly Edit[]): Table {
  const next = version + 1;
  const named = new Set(edits.map(({ from }) => from));
  const all = [
    ...shards.filter(({ from }) => !named.has(from)),
    ...edits.map((edit) => ({ ...edit, since: next })),
  ];
  return { version: next, shards: all.sort((a, b) => (a.from < b.from ? -1 : 1)) };
}
