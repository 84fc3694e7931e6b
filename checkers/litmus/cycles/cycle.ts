/**
 * A cycle of edges: the core of a litmus test, an execution that sequential consistency forbids.
 *
 * Its threads are what stands between two external edges. A cycle starts with a thread, and of its
 * rotations it is the one that diy would choose: threads by the kinds of their first and last accesses
 * (W, WW, RR, RW, WR, R), then a short one first, then by edges, fences first.
 */

import { UsageError } from "../../../src/base/errors.js";
import {
  changesLocation,
  type Edge,
  isExternal,
  parseEdge,
  programRelations,
  spellEdge,
} from "./edge.js";

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
 * Throws UsageError where they do not chain, where no external edge or a single change of location is
 * among them, and where communication alone goes round: no execution does that, whatever the program.
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
  const isProgram = (relation: string) => programRelations.some((one) => one === relation);
  if (!edges.some(({ relation }) => isProgram(relation))) {
    throw new UsageError(
      `cycle ${JSON.stringify(text)}: needs an edge of program order: PodWR, PosWR and the like`,
    );
  }
  const rotated = [...edges.slice(leaving + 1), ...edges.slice(0, leaving + 1)];
  const threads: CycleThread[] = [];
  for (let start = 0; start < rotated.length; ) {
    const length = rotated.slice(start).findIndex(isExternal);
    threads.push(threadOf(rotated.slice(start, start + length), rotated[start + length]!));
    start += length + 1;
  }
  return { threads: normalized(threads) };
}

export function threadOf(inner: readonly Edge[], leaves: Edge): CycleThread {
  const entry = inner[0]?.from ?? leaves.from;
  return { points: inner.length === 0 ? entry : `${entry}${leaves.from}`, inner, leaves };
}

/** Order of edges within a thread, where points leave a choice. */
const relationsInOrder = ["MFences", "MFenced", "Rmw", "Rfi", "Fri", "Coi", "Pos", "Pod"];

/** Negative, 0 or positive, by the edges of two sequences of threads with equal points. */
function compareEdges(one: readonly CycleThread[], other: readonly CycleThread[]): number {
  const length = one[0]!.inner.length - other[0]!.inner.length;
  if (length !== 0) return length;
  const others = other.flatMap(({ inner, leaves }) => [...inner, leaves]);
  for (const [i, edge] of one.flatMap(({ inner, leaves }) => [...inner, leaves]).entries()) {
    const place = (relation: string): number => relationsInOrder.indexOf(relation);
    const relations = place(edge.relation) - place(others[i]!.relation);
    if (relations !== 0) return relations;
    const [a, b] = [spellEdge(edge), spellEdge(others[i]!)];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

/** Of the rotations of a cycle's threads the one that it is written in. O(n^2). */
export function normalized(threads: readonly CycleThread[]): CycleThread[] {
  return leastRotation(threads, compareEdges);
}

/** The least of the rotations: by points first, then by `compare`. O(n^2). */
export function leastRotation<T extends { readonly points: Points }>(
  items: readonly T[],
  compare: (one: readonly T[], other: readonly T[]) => number = () => 0,
): T[] {
  let least = [...items];
  for (let k = 1; k < items.length; k++) {
    const rotation = [...items.slice(k), ...items.slice(0, k)];
    const points = comparePoints(rotation, least);
    if (points < 0 || (points === 0 && compare(rotation, least) < 0)) least = rotation;
  }
  return least;
}

function comparePoints(
  one: readonly { readonly points: Points }[],
  other: readonly { readonly points: Points }[],
): number {
  for (const [i, { points }] of one.entries()) {
    const ranks = pointsInOrder.indexOf(points) - pointsInOrder.indexOf(other[i]!.points);
    if (ranks !== 0) return ranks;
  }
  return 0;
}
