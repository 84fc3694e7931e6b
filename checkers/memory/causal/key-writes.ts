/**
 * The writes of each key, session by session: what a read of the key can have in its past. Only the
 * last write of a session that is in the past matters, since the earlier ones come before it; it is
 * found by bisection. Linear in the accesses to build, and in memory.
 */

import { type Nodes, WRITES } from "./nodes.js";

export interface KeyWrites {
  /** The runs of key x are starts[x] to starts[x + 1] - 1: one for each session that writes x. */
  readonly starts: Int32Array;
  /** By run: its session. */
  readonly session: Int32Array;
  /** Run i is writes[from[i]] to writes[from[i + 1] - 1], in session order. */
  readonly from: Int32Array;
  readonly writes: Int32Array;
}

/** Of the writes that `included` has, or all. */
export function keyWritesOf(nodes: Nodes, included?: Uint8Array): KeyWrites {
  const { size, keys, key, session } = nodes.accesses;
  const isMeant = (a: number) =>
    (nodes.flags[a]! & WRITES) !== 0 && (included === undefined || included[a] === 1);
  const cursor = new Int32Array(keys + 1);
  for (let a = 0; a < size; a++) if (isMeant(a)) cursor[key[a]! + 1]!++;
  for (let x = 0; x < keys; x++) cursor[x + 1]! += cursor[x]!;
  const ends = cursor.slice(1);
  const writes = new Int32Array(cursor[keys]!);
  for (let a = 0; a < size; a++) if (isMeant(a)) writes[cursor[key[a]!]!++] = a;

  const starts = new Int32Array(keys + 1);
  const runSession: number[] = [];
  const from: number[] = [];
  for (let x = 0, i = 0; x < keys; x++) {
    starts[x] = from.length;
    for (const first = i; i < ends[x]!; i++) {
      const s = session[writes[i]!]!;
      if (i === first || s !== session[writes[i - 1]!]) {
        from.push(i);
        runSession.push(s);
      }
    }
  }
  starts[keys] = from.length;
  from.push(writes.length);
  return { starts, session: Int32Array.from(runSession), from: Int32Array.from(from), writes };
}

/** The last write of a run before an access of its session, -1 without one. */
export function lastBefore({ from, writes }: KeyWrites, run: number, access: number): number {
  let low = from[run]!;
  if (writes[low]! >= access) return -1;
  let high = from[run + 1]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (writes[middle]! < access) low = middle;
    else high = middle;
  }
  return writes[low]!;
}
