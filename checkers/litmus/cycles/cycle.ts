/**
 * A cycle of edges: the core of a litmus test, an execution that sequential consistency forbids.
 *
 * Its threads are what stands between two external edges. A cycle starts with a thread, and of its
 * rotations it is the one that diy would choose: threads by the kinds of their first and last accesses
 * (W, WW, RR, RW, WR, R), then short before long, then fenced before not.
 */

import { UsageError } from "../../../src/base/errors.js";
import { changesLocation, type Edge, isExternal, isFenced, parseEdge, spellEdge } from "./edge.js";

/** Kinds of the first and the last access of a thread; one letter where there is one access. */
export type Points = "W" | "WW" | "RR" | "RW" | "WR" | "R";

export const pointsInOrder: readonly Points[] = ["W", "WW", "RR", "RW", "WR", "R"];

export interface CycleThread {
  readonly points: Points;
  /** Edges within the thread, none of a thread of one access. */
  readonly inner: readonly Edge[];
  /** The external edge that leaves it. */
  readonly leaves: Edge;
}

export interface Cycle {
  readonly threads: readonly CycleThread[];
}

export function edgesOf(cycle: Cycle): Edge[] {
  return cycle.threads.flatMap(({ inner, leaves }) => [...inner, leaves]);
}

export function spellCycle(cycle: Cycle): string {
  return edgesOf(cycle).map(spellEdge).join(" ");
}

/** Whether all accesses are to one location. */
export function isSingleLocation(cycle: Cycle): boolean {
  return !edgesOf(cycle).some(changesLocation);
}

/**
 * Edges separated by blanks, from anywhere in the cycle.
 * Throws UsageError where they do not chain, or where no external edge, or one change of location, is among them.
 */
export function parseCycle(text: string): Cycle {
  const edges = text.trim().split(/\s+/).map(parseEdge);
  edges.forEach((one, i) => {
    const next = edges[(i + 1) % edges.length]!;
    if (one.to !== next.from) {
      throw new UsageError(
        `cycle ${JSON.stringify(text)}: after ${spellEdge(one)} comes an edge from ${one.to}, not ${spellEdge(next)}`,
      );
    }
  });
  const leaving = edges.findIndex(isExternal);
  if (leaving < 0) {
    throw new UsageError(`cycle ${JSON.stringify(text)}: needs an external edge: Rfe, Fre or Coe`);
  }
  if (edges.filter(changesLocation).length === 1) {
    throw new UsageError(
      `cycle ${JSON.stringify(text)}: one edge alone cannot change the location and come back`,
    );
  }
  const rotated = [...edges.slice(leaving + 1), ...edges.slice(0, leaving + 1)];
  const threads: CycleThread[] = [];
  for (let start = 0; start < rotated.length; ) {
    const length = rotated.slice(start).findIndex(isExternal);
    threads.push(threadOf(rotated.slice(start, start + length), rotated[start + length]!));
    start += length + 1;
  }
  return { threads: leastRotation(threads, compareThreads) };
}

export function threadOf(inner: readonly Edge[], leaves: Edge): CycleThread {
  const entry = inner[0]?.from ?? leaves.from;
  return { points: inner.length === 0 ? entry : `${entry}${leaves.from}`, inner, leaves };
}

/** By points alone; `leastRotation` compares whole cycles by this before it asks `compareThreads`. */
function rank(points: Points): number {
  return pointsInOrder.indexOf(points);
}

export function compareThreads(one: CycleThread, other: CycleThread): number {
  if (one.inner.length !== other.inner.length) return one.inner.length - other.inner.length;
  for (const [i, edge] of one.inner.entries()) {
    const fences = Number(isFenced(other.inner[i]!)) - Number(isFenced(edge));
    if (fences !== 0) return fences;
    const [a, b] = [spellEdge(edge), spellEdge(other.inner[i]!)];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** The least of the rotations: by points first, then by `compare`. O(n^2). */
export function leastRotation<T extends { readonly points: Points }>(
  items: readonly T[],
  compare: (one: T, other: T) => number,
): T[] {
  const rotation = (k: number): T[] => [...items.slice(k), ...items.slice(0, k)];
  const compareAll = (a: readonly T[], b: readonly T[], by: (x: T, y: T) => number): number => {
    for (const [i, item] of a.entries()) {
      const result = by(item, b[i]!);
      if (result !== 0) return result;
    }
    return 0;
  };
  let least = rotation(0);
  for (let k = 1; k < items.length; k++) {
    const other = rotation(k);
    const points = compareAll(other, least, (x, y) => rank(x.points) - rank(y.points));
    if (points < 0 || (points === 0 && compareAll(other, least, compare) < 0)) least = other;
  }
  return least;
}
