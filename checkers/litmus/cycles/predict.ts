/**
 * What a memory model says about a cycle, from the cycle alone.
 *
 * A model forbids a cycle when it keeps every thread's first access before its last: then all edges are
 * parts of one order. Causal convergence has two orders instead, what happens before, and with it the
 * writes of each location; what a read missed is in neither, but must not be in its past. So it forbids
 * cycles without a missed write, and those with one that nothing but happens-before leads back from.
 *
 * In a critical cycle that is all. Of a longer thread, what the model keeps is closed over its accesses.
 * Where it is left by Fre, an earlier access of it to the same location is as good as the last one: what
 * a read missed, an earlier read missed and an earlier write precedes. A thread that comes and goes on
 * one location is ordered by coherence; so is a cycle of which one thread makes all changes of location.
 *
 * Assumes that the header tells the truth: a test may use exchanges where its cycle has none.
 */

import type { LitmusModel } from "../program.js";
import type { Cycle, CycleThread } from "./cycle.js";
import { changesLocation, type Direction, isFenced } from "./edge.js";

/** `rmo`: nothing is kept but what stands across a fence (no dependencies), and coherence. */
export type CycleModel = LitmusModel | "rmo";

/** Whether the cycle's test can end as its condition says. */
export function predict(cycle: Cycle, model: CycleModel): "allowed" | "forbidden" {
  return allows(cycle, model) ? "allowed" : "forbidden";
}

function allows(cycle: Cycle, model: CycleModel): boolean {
  if (model === "sc" || isOrderedByCoherence(cycle)) return false;
  if (model === "coherence") return true;
  if (model === "causal-convergence") return allowsCausally(cycle);
  return cycle.threads.some((thread) => changes(thread) > 0 && !keepsEnds(thread, model));
}

function changes({ inner }: CycleThread): number {
  return inner.filter(changesLocation).length;
}

function isOrderedByCoherence(cycle: Cycle): boolean {
  const counts = cycle.threads.map(changes);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.includes(all);
}

/** How a write stands to what follows it. */
type Link = "happens-before" | "overwritten" | "missed";

function allowsCausally(cycle: Cycle): boolean {
  // From behind a thread that changes its location, so that what is on one location comes together.
  const start = cycle.threads.findIndex((thread) => changes(thread) > 0);
  const threads = [...cycle.threads.slice(start), ...cycle.threads.slice(0, start)];
  const links: Link[] = [];
  for (const thread of threads) {
    const link = linkOf(thread);
    if (changes(thread) > 0) links.push(link);
    else if (links.at(-1) === "happens-before" && link !== "happens-before") {
      links[links.length - 1] = "overwritten";
    }
  }
  const missed = links.filter((link) => link === "missed").length;
  return missed > 1 || (missed === 1 && links.includes("overwritten"));
}

/** A thread that wrote what its last read may have read misses nothing: its write is overwritten. */
function linkOf(thread: CycleThread): Link {
  if (thread.leaves.relation === "Rfe") return "happens-before";
  const accesses = accessesOf(thread);
  const { location } = accesses.at(-1)!;
  const wrote = accesses.some((one) => one.direction === "W" && one.location === location);
  return wrote ? "overwritten" : "missed";
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
