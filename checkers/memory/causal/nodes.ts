/**
 * What is ordered in causality: accesses, or transactions where accesses are grouped into them. Of a
 * transaction only what others can tell counts: the reads that are answered from outside, and the last
 * write of each key. The nodes of a session stand together, in its order.
 */

import { assert } from "../../../src/base/errors.js";
import { type Accesses, isRead, isWrite, kinds } from "../accesses.js";

/** Bits of `flags`. */
export const READS = 1;
export const WRITES = 2;

export interface Nodes {
  readonly accesses: Accesses;
  readonly size: number;
  /** Node v is the accesses from[v] to from[v + 1] - 1. */
  readonly from: Int32Array;
  /** By access: its node. */
  readonly of: Int32Array;
  /** The nodes of session s are starts[s] to starts[s + 1] - 1. */
  readonly starts: Int32Array;
  /** By node. */
  readonly session: Int32Array;
  /** By access: whether it READS from another node, whether others may read what it WRITES. */
  readonly flags: Uint8Array;
}

/** O(accesses). What breaks the rules within a transaction must have been found before. */
export function nodesOf(accesses: Accesses): Nodes {
  return accesses.group === undefined ? single(accesses) : grouped(accesses, accesses.group);
}

function single(accesses: Accesses): Nodes {
  const { size, kind } = accesses;
  const flags = new Uint8Array(size);
  const identity = new Int32Array(size + 1);
  for (let a = 0; a < size; a++) {
    identity[a] = a;
    flags[a] = (isRead(kind[a]!) ? READS : 0) | (isWrite(kind[a]!) ? WRITES : 0);
  }
  identity[size] = size;
  const { starts, session } = accesses;
  return { accesses, size, from: identity, of: identity, starts, session, flags };
}

function grouped(accesses: Accesses, group: Int32Array): Nodes {
  const { size, kind, key, source } = accesses;
  const of = new Int32Array(size);
  const from: number[] = [];
  const session: number[] = [];
  const starts = new Int32Array(accesses.sessions + 1);
  for (let s = 0; s < accesses.sessions; s++) {
    starts[s] = from.length;
    for (let a = accesses.starts[s]!; a < accesses.starts[s + 1]!; a++) {
      if (a === accesses.starts[s] || group[a] !== group[a - 1]) {
        from.push(a);
        session.push(s);
      }
      of[a] = from.length - 1;
    }
  }
  starts[accesses.sessions] = from.length;
  const nodes = from.length;
  from.push(size);

  const flags = new Uint8Array(size);
  const lastWriter = new Int32Array(accesses.keys).fill(-1);
  const lastWrite = new Int32Array(accesses.keys);
  for (let a = 0; a < size; a++) {
    assert(kind[a] !== kinds.update, "a transaction reads and writes, it does not update");
    const x = key[a]!;
    const ownWriteBefore = x >= 0 && lastWriter[x] === of[a];
    if (kind[a] === kinds.read) {
      const isInner = ownWriteBefore || (source[a]! >= 0 && of[source[a]!] === of[a]);
      if (!isInner) flags[a] = READS;
    } else if (kind[a] === kinds.write) {
      if (ownWriteBefore) flags[lastWrite[x]!] = 0;
      flags[a] = WRITES;
      lastWriter[x] = of[a]!;
      lastWrite[x] = a;
    }
  }
  return {
    accesses,
    size: nodes,
    from: Int32Array.from(from),
    of,
    starts,
    session: Int32Array.from(session),
    flags,
  };
}
