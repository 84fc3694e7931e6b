/**
 * A closed walk as a search finds it, in the numbers of a residue: one link after another, virtual
 * nodes folded into the rw edge that leads over them.
 */

import { edgeKinds } from "../dependencies.js";

export interface Link {
  from: number;
  to: number;
  kind: number;
  /** The place of the edge, or NONE for the orders that are implied; `via`: that out of a virtual node. */
  edge: number;
  via: number;
}

/** Its transactions in ascending order. */
export function membersOf(walk: readonly Link[]): number[] {
  return walk.map((link) => link.from).sort((a, b) => a - b);
}

/** Fewer transactions first, then those that come earlier. */
export function compareWalks(a: readonly Link[], b: readonly Link[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const left = membersOf(a);
  const right = membersOf(b);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return 0;
}

/**
 * A cycle among the links of a closed walk: where the walk meets a transaction again, either what
 * lies between is allowed as a cycle, or the walk without it still is. Linear.
 */
export function simplify(
  walk: readonly Link[],
  isAllowed: (cycle: readonly Link[]) => boolean,
): readonly Link[] {
  const open: Link[] = [];
  const placeOf = new Map<number, number>();
  for (const link of walk) {
    const before = placeOf.get(link.from);
    if (before !== undefined) {
      const between = open.splice(before);
      if (isAllowed(between)) return between;
      for (const { from } of between) placeOf.delete(from);
    }
    placeOf.set(link.from, open.length);
    open.push(link);
  }
  return open;
}

/** Whether no two rw edges follow each other; if `isPrefix`, every rw edge follows a wr edge or an implied one. */
export function isNonadjacent(walk: readonly Link[], isPrefix: boolean): boolean {
  return walk.every((link, i) => {
    if (link.kind !== edgeKinds.rw) return true;
    const before = walk[(i + walk.length - 1) % walk.length]!.kind;
    return before !== edgeKinds.rw && !(isPrefix && before === edgeKinds.ww);
  });
}
