/**
 * What must hold of transactions one by one before causality between them is looked at: nobody reads from
 * one that failed (`G1a`), a read after the transaction's own write returns that, reads without one
 * between them return the same (both `internal`), and what others read of a transaction is its last
 * write of the key (`G1b`). O(accesses).
 *
 * Names: Adya 1999 (G1a, G1b); Cerone, Bernardi, Gotsman 2015 (internal).
 */

import { type Accesses, isWrite, kinds } from "../accesses.js";
import type { Violation } from "../decision.js";

export function innerViolation(
  accesses: Accesses & { abortedReads?: readonly number[] },
): Violation | undefined {
  const aborted = accesses.abortedReads?.[0];
  if (aborted !== undefined) return { type: "G1a", path: [], accesses: [aborted] };
  const { size, group, kind, key, source, keys } = accesses;
  if (group === undefined) return undefined;
  /** By key: the transaction that touched it last, with what, and what it returns to itself since. */
  const toucher = new Int32Array(keys).fill(-1);
  const touch = new Int32Array(keys);
  const value = new Int32Array(keys);
  const overwrittenBy = new Int32Array(size).fill(-1);
  for (let a = 0; a < size; a++) {
    const x = key[a]!;
    if (x < 0) continue;
    const isKnown = toucher[x] === group[a];
    if (isWrite(kind[a]!)) {
      if (isKnown && isWrite(kind[touch[x]!]!)) overwrittenBy[touch[x]!] = a;
      [toucher[x], touch[x], value[x]] = [group[a]!, a, a];
      continue;
    }
    if (isKnown ? source[a] !== value[x] : isOwn(source[a]!, group[a]!, group)) {
      return internal(accesses, a, isKnown ? touch[x]! : source[a]!);
    }
    if (!isKnown) [toucher[x], touch[x], value[x]] = [group[a]!, a, source[a]!];
  }
  for (let a = 0; a < size; a++) {
    if (kind[a] !== kinds.read || source[a]! < 0 || group[source[a]!] === group[a]) continue;
    const write = source[a]!;
    const later = overwrittenBy[write]!;
    if (later < 0) continue;
    return {
      type: "G1b",
      path: [
        { from: write, to: later, relation: "session" },
        { from: write, to: a, relation: "reads-from" },
      ],
      accesses: [write, later, a].sort((b, c) => b - c),
    };
  }
  return undefined;
}

function isOwn(source: number, transaction: number, group: Int32Array): boolean {
  return source >= 0 && group[source] === transaction;
}

function internal(accesses: Accesses, read: number, touched: number): Violation {
  const [from, to] = [Math.min(touched, read), Math.max(touched, read)];
  const source = accesses.source[read]!;
  const all = new Set([from, to, ...(source >= 0 ? [source] : [])]);
  return {
    type: "internal",
    path: [{ from, to, relation: "session" }],
    accesses: [...all].sort((a, b) => a - b),
  };
}
