/**
 * A shortest cycle of arcs between sets of accesses, where each set is named by its head. O(arcs) to see
 * that there is none, O(arcs) for each start tried otherwise.
 */

import type { Arcs } from "./arcs.js";

const STARTS_MAX = 64;
/** Arcs looked at before the shortest cycle so far is taken. */
const ARCS_MAX = 4_000_000;

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
  let arcsSeen = 0;
  const arrival = new Int32Array(size);
  for (const v of onACycle().slice(0, STARTS_MAX)) {
    const cycle = through(v);
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) best = cycle;
    if (best !== undefined && (best.length === 2 || arcsSeen > ARCS_MAX)) break;
  }
  return best;

  /** Sets on one cycle: what is left waits for something that is left. */
  function onACycle(): number[] {
    const previous = new Int32Array(size).fill(-1);
    for (const arc of order) {
      const [from, to] = [head[arcs.from[arc]!]!, head[arcs.to[arc]!]!];
      if (waitsFor[from]! > 0 && waitsFor[to]! > 0) previous[to] = from;
    }
    const path: number[] = [];
    const place = new Int32Array(size).fill(-1);
    let v = waitsFor.findIndex((count) => count > 0);
    while (place[v] === -1) {
      place[v] = path.length;
      path.push(v);
      v = previous[v]!;
    }
    return path.slice(place[v]);
  }

  function through(goal: number): number[] | undefined {
    arrival.fill(-1);
    const queue = [goal];
    for (let next = 0; next < queue.length; next++) {
      const v = queue[next]!;
      for (let i = start[v]!; i < start[v + 1]!; i++) {
        arcsSeen++;
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
