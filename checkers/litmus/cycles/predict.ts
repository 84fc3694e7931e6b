/**
 * What a memory model says about a cycle, from the cycle alone.
 *
 * A model forbids a cycle when it keeps every thread's first access before its last: then all edges
 * are parts of one order. For critical cycles that is exact, and so is the rule of causal convergence,
 * which orders what happens before and the writes of a location, but not what a read missed: a cycle without
 * a missed write is one of those orders, and a single missed write must not be in the past of its
 * reader.
 *
 * Longer threads are judged by closing what the model keeps over all their accesses. Where a thread is left by Fre,
 * an earlier access of it to the same location serves as its last as well: what a read missed, an earlier read
 * missed and an earlier write precedes. Known misses: a cycle in
 * which a thread is entered and left on the same location while others change theirs (coherence then
 * decides), and tests whose header does not tell of their exchanges.
 */

import type { LitmusModel } from "../program.js";
import { type Cycle, type CycleThread, isSingleLocation } from "./cycle.js";
import { changesLocation, type Direction, isFenced } from "./edge.js";

/** `rmo`: nothing is kept but what stands across a fence (no dependencies), and coherence. */
export type CycleModel = LitmusModel | "rmo";

/** Whether the cycle's test can end as its condition says. */
export function predict(cycle: Cycle, model: CycleModel): "allowed" | "forbidden" {
  return allows(cycle, model) ? "allowed" : "forbidden";
}

function allows(cycle: Cycle, model: CycleModel): boolean {
  if (model === "sc" || isSingleLocation(cycle)) return false;
  if (model === "coherence") return true;
  if (model !== "causal-convergence") {
    return cycle.threads.some((thread) => !keepsEnds(thread, model));
  }
  const missed = cycle.threads.filter(missesWrite).length;
  const overwritten = cycle.threads.filter(
    (thread) => thread.leaves.relation !== "Rfe" && !missesWrite(thread),
  ).length;
  return missed > 1 || (missed === 1 && overwritten > 0);
}

/** Whether all that the next thread's write is known to follow is a read. */
function missesWrite(thread: CycleThread): boolean {
  if (thread.leaves.relation !== "Fre") return false;
  const accesses = accessesOf(thread);
  const { location } = accesses.at(-1)!;
  return !accesses.some((access) => access.direction === "W" && access.location === location);
}

interface Access {
  readonly direction: Direction;
  /** Of the thread, counted up at each change. */
  readonly location: number;
  readonly locked: boolean;
}

type Buffered = "tso" | "pso" | "rmo";

/** Whether the thread's first access is kept before its last. O(accesses^3). */
function keepsEnds(thread: CycleThread, model: Buffered): boolean {
  const accesses = accessesOf(thread);
  const last = accesses.length - 1;
  const fenceAfter = thread.inner.map(isFenced);
  const keptFrom = (from: number): Set<number> => {
    const reached = new Set([from]);
    for (const one of reached) {
      for (let next = one + 1; next <= last; next++) {
        const fenced = fenceAfter.slice(one, next).includes(true);
        if (fenced || keeps(accesses[one]!, accesses[next]!, model)) reached.add(next);
      }
    }
    return reached;
  };
  const ends = accesses.flatMap((access, i) =>
    i === last || (thread.leaves.relation === "Fre" && access.location === accesses[last]!.location)
      ? [i]
      : [],
  );
  const kept = keptFrom(0);
  return ends.some((end) => kept.has(end));
}

function accessesOf({ inner, leaves }: CycleThread): Access[] {
  const edges = [...inner, leaves];
  let location = 0;
  return edges.map((one, i) => {
    const before = edges[i - 1];
    if (before !== undefined && changesLocation(before)) location++;
    const locked = one.relation === "Rmw" || before?.relation === "Rmw";
    return { direction: one.from, location, locked };
  });
}

function keeps(first: Access, second: Access, model: Buffered): boolean {
  if (first.locked || second.locked) return true;
  const sameLocation = first.location === second.location;
  if (model === "rmo") return sameLocation && second.direction === "W";
  if (first.direction === "R") return true;
  return second.direction === "W" && (model === "tso" || sameLocation);
}
