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
 * A cycle among the links of a closed walk: where the walk meets a transaction twice one of the two
 * parts goes on being allowed; the shorter one is taken if both do.
 */
export function simplify(
  walk: readonly Link[],
  isAllowed: (walk: readonly Link[]) => boolean,
): readonly Link[] {
  let rest = walk;
  for (;;) {
    const cut = firstRepetition(rest);
    if (cut === undefined) return rest;
    const inner = rest.slice(cut.from, cut.to);
    const outer = [...rest.slice(0, cut.from), ...rest.slice(cut.to)];
    const parts = inner.length <= outer.length ? [inner, outer] : [outer, inner];
    rest = parts.find(isAllowed) ?? parts[0]!;
  }
}

function firstRepetition(walk: readonly Link[]): { from: number; to: number } | undefined {
  const seen = new Map<number, number>();
  for (let i = 0; i < walk.length; i++) {
    const before = seen.get(walk[i]!.from);
    if (before !== undefined) return { from: before, to: i };
    seen.set(walk[i]!.from, i);
  }
  return undefined;
}

/** Whether no two rw edges follow each other; if `isPrefix`, every rw edge follows a wr edge or an implied one. */
export function isNonadjacent(walk: readonly Link[], isPrefix: boolean): boolean {
  return walk.every((link, i) => {
    if (link.kind !== edgeKinds.rw) return true;
    const before = walk[(i + walk.length - 1) % walk.length]!.kind;
    return before !== edgeKinds.rw && !(isPrefix && before === edgeKinds.ww);
  });
}
