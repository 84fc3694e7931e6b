/**
 * A shortest cycle of arcs between sets of accesses, where each set is named by its head. O(arcs) to see
 * that there is none, O(arcs) for each start tried otherwise.
 */

import type { Arcs } from "./arcs.js";

const STARTS_MAX = 64;

/** The places of its arcs; undefined without a cycle. Arcs within a set do not count. */
export function contractedCycle(arcs: Arcs, head: Int32Array): number[] | undefined {
  const size = head.length;
  const { start, order } = leaving(arcs, head);
  const waitsFor = new Int32Array(size);
  for (const arc of order) waitsFor[head[arcs.to[arc]!]!]!++;
  const free: number[] = [];
  for (let v = 0; v < size; v++) if (head[v] === v && waitsFor[v] === 0) free.push(v);
  let left = 0;
  for (let v = 0; v < size; v++) if (head[v] === v) left++;
  for (let v = free.pop(); v !== undefined; v = free.pop()) {
    left--;
    for (let i = start[v]!; i < start[v + 1]!; i++) {
      const to = head[arcs.to[order[i]!]!]!;
      if (--waitsFor[to]! === 0) free.push(to);
    }
  }
  if (left === 0) return undefined;

  let best: number[] | undefined;
  let starts = 0;
  const arrival = new Int32Array(size);
  for (let v = 0; v < size && starts < STARTS_MAX; v++) {
    if (head[v] !== v || waitsFor[v] === 0) continue;
    const cycle = through(v);
    if (cycle === undefined) continue;
    starts++;
    if (best === undefined || cycle.length < best.length) best = cycle;
    if (best.length === 2) break;
  }
  return best;

  function through(goal: number): number[] | undefined {
    arrival.fill(-1);
    const queue = [goal];
    for (let next = 0; next < queue.length; next++) {
      const v = queue[next]!;
      for (let i = start[v]!; i < start[v + 1]!; i++) {
        const arc = order[i]!;
        const to = head[arcs.to[arc]!]!;
        if (to === goal) {
          const cycle = [arc];
          for (let at = v; at !== goal; at = head[arcs.from[arrival[at]!]!]!)
            cycle.push(arrival[at]!);
          return cycle.reverse();
        }
        if (arrival[to] !== -1 || waitsFor[to] === 0) continue;
        arrival[to] = arc;
        queue.push(to);
      }
    }
    return undefined;
  }
}

function leaving(arcs: Arcs, head: Int32Array): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(head.length + 2);
  const isInner = (arc: number) => head[arcs.from[arc]!] === head[arcs.to[arc]!];
  let count = 0;
  for (let arc = 0; arc < arcs.size; arc++) {
    if (isInner(arc)) continue;
    start[head[arcs.from[arc]!]! + 2]!++;
    count++;
  }
  for (let v = 2; v < start.length; v++) start[v]! += start[v - 1]!;
  const order = new Int32Array(count);
  for (let arc = 0; arc < arcs.size; arc++) {
    if (!isInner(arc)) order[start[head[arcs.from[arc]!]! + 1]!++] = arc;
  }
  return { start, order };
}
