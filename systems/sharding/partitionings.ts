/**
 * The ways to cut the keys into shards and to give these to nodes, each one over placement.ts.
 *
 * With `range` a key's place is the key, and ranges split where they are hot. With the others it is a slot
 * that the key's hash falls into, and a slot is a shard. The slots are the positions of the ring, which
 * are few, so that tokens of two nodes do share one.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { alphabetically, byModulo, evenly, positionOf, Ring } from "./placement.js";

export const SLOTS = 32;
const TOKENS_PER_NODE = 6;
const DIGITS = 2;

export const partitionings = ["range", "slots", "ring", "modulo"] as const;

/** A shard by its beginning, and who has it. */
export interface Part {
  from: string;
  owner: string;
}

export interface Partitioning {
  /** Where a key lies in the order that shards cut. */
  placeOf(key: string): string;
  /** The shards of a new store with these members. */
  first(members: readonly string[]): Part[];
  /** Who should have each shard when the members are these; in the order of the shards. */
  owners(parts: readonly Part[], members: readonly string[]): string[];
  /** Whether a shard may be cut in two. */
  readonly splits: boolean;
}

/** What the option `partitioning` says. */
export function partitioningOf({ id, options, bugs }: NodeContext): Partitioning {
  switch (options["partitioning"]) {
    case "range":
      return byRange;
    case "slots":
      return bySlot((owners, members) => evenly(owners, members));
    case "modulo":
      return bySlot((owners, members) => owners.map((_, slot) => byModulo(slot, members)));
    default:
      return bySlot((owners, members) => {
        // Each node lists itself first, then its peers: its own token wins wherever two are at one position.
        const listed = bugs.has("tie-by-own-list")
          ? [id, ...members.filter((member) => member !== id)]
          : [...members].sort();
        const ring = new Ring(listed, { tokensPerNode: TOKENS_PER_NODE, positions: SLOTS });
        return owners.map((_, slot) => ring.ownerOf(slot));
      });
  }
}

const byRange: Partitioning = {
  placeOf: (key) => key,
  first: (members) =>
    alphabetically(members.length).map((from, i) => ({ from, owner: members[i] as string })),
  // Where nobody has to go, ranges follow the load.
  owners: (parts, members) => {
    const counts = new Map(members.map((member) => [member, 0]));
    const count = (owner: string): void => void counts.set(owner, (counts.get(owner) ?? 0) + 1);
    for (const { owner } of parts) if (counts.has(owner)) count(owner);
    return parts.map(({ owner }) => {
      if (members.includes(owner)) return owner;
      const least = Math.min(...members.map((member) => counts.get(member) ?? 0));
      const heir = members.find((member) => counts.get(member) === least) as string;
      count(heir);
      return heir;
    });
  },
  splits: true,
};

type Place = (owners: readonly (string | undefined)[], members: readonly string[]) => string[];

function bySlot(place: Place): Partitioning {
  return {
    placeOf: (key) => named(positionOf(key, SLOTS)),
    first: (members) =>
      place(new Array<undefined>(SLOTS).fill(undefined), members).map((owner, slot) => ({
        from: slot === 0 ? "" : named(slot),
        owner,
      })),
    owners: (parts, members) =>
      place(
        parts.map(({ owner }) => owner),
        members,
      ),
    splits: false,
  };
}

/** Slots by name have the order of their numbers. */
function named(slot: number): string {
  return String(slot).padStart(DIGITS, "0");
}
