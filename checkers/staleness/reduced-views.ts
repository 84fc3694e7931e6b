/**
 * Views for the search that decides k: values are numbers, and what cannot matter is gone.
 */

import { PENDING } from "../../histories/columns.js";
import { NULL_ID, ValueTable } from "../../histories/values.js";
import { effectsOf, NONE } from "../linearizability/algorithms/reads-from.js";
import type { ObjectView } from "../linearizability/view.js";
import type { Clusters } from "./clusters.js";
import { UNREAD } from "./recent-values.js";

interface Interval {
  isWrite: boolean;
  value: number;
  invoked: number;
  completed: number;
}

/**
 * A chunk as one write per cluster, over its interval [invoked, first], and the last read of it, which
 * asks for more than the others: k-atomic iff the chunk is (see witness-order.ts).
 */
export function chunkView(view: ObjectView, clusters: Clusters, chunk: Int32Array): ObjectView {
  const { invoked, size } = view;
  const { write, first, lastRead } = clusters;
  const intervals: Interval[] = [];
  let init: number | undefined;
  // Twice every position leaves room for the return of a read right after its invocation.
  for (const cluster of chunk) {
    const read = lastRead[cluster]!;
    const value = read === NONE ? UNREAD : cluster;
    const over = 2 * first[cluster]!;
    if (write[cluster] === size) init = value;
    else {
      const begin = 2 * invoked[write[cluster]!]!;
      intervals.push({ isWrite: true, value, invoked: begin, completed: over });
    }
    if (read === NONE) continue;
    const begin = 2 * invoked[read]!;
    const completed = Math.max(begin, over) + 1;
    intervals.push({ isWrite: false, value, invoked: begin, completed });
  }
  return viewOf(intervals, init);
}

/** A whole object with values that may repeat, without pending writes that nobody read. */
export function wholeView(view: ObjectView): ObjectView {
  const { size, invoked, completed, init } = view;
  const { installs, observes } = effectsOf(view)!;
  const read = new Set<number>();
  for (const value of observes) if (value !== NONE) read.add(value);
  const known = (value: number): number => (read.has(value) ? value : UNREAD);
  const intervals: Interval[] = [];
  for (let i = 0; i < size; i++) {
    const isWrite = installs[i] !== NONE;
    const value = isWrite ? known(installs[i]!) : observes[i]!;
    if (value === UNREAD && completed[i] === PENDING) continue;
    intervals.push({ isWrite, value, invoked: invoked[i]!, completed: completed[i]! });
  }
  return viewOf(intervals, known(init));
}

function viewOf(intervals: Interval[], init: number | undefined): ObjectView {
  intervals.sort((a, b) => a.invoked - b.invoked);
  const size = intervals.length;
  const values = new ValueTable();
  const ids = intervals.map(({ value }) => values.numberId(value));
  const column = (of: (interval: Interval, i: number) => number) => Int32Array.from(intervals, of);
  return {
    size,
    f: Uint8Array.from(intervals, ({ isWrite }) => Number(isWrite)),
    input: column(({ isWrite }, i) => (isWrite ? ids[i]! : NULL_ID)),
    output: column(({ isWrite }, i) => (isWrite ? NULL_ID : ids[i]!)),
    invoked: column(({ invoked }) => invoked),
    completed: column(({ completed }) => completed),
    process: Float64Array.from(intervals, (_, i) => i),
    values,
    init: init === undefined ? NULL_ID : values.numberId(init),
  };
}
