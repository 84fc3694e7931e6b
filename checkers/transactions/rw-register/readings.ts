/**
 * Which ok transactions read which version from others, and which of them go on to write the key:
 * those put their version behind the one that they read in every order that respects reads.
 *
 * A "place" is a version or the initial state of a key: the initial state of key k has the place
 * `start[k] + k`, version v of it the place `v + k + 1`. O(micro-operations).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import { INITIAL, NO_VERSION, NOTHING, type RegisterVersions, versionRead } from "./versions.js";

export interface Readings {
  /**
   * The reads of place p, one per transaction, in order of invocation: `reads[start[p]]` up to
   * `reads[start[p + 1]]`.
   */
  start: Int32Array;
  reads: Int32Array;
  /** The version that the transaction of each of `reads` writes to the same key, or NO_VERSION. */
  successor: Int32Array;
}

export function readingsOf(versions: RegisterVersions): Readings {
  const keys = versions.transactions.keys.length;
  const places = versions.writeOf.length + keys;
  const start = new Int32Array(places + 1);
  const visitor = new Int32Array(places).fill(-1);
  eachReading(versions, visitor, (place) => {
    start[place + 1]! += 1;
  });
  for (let p = 0; p < places; p++) start[p + 1]! += start[p]!;
  const next = start.slice();
  const reads = new Int32Array(start[places]!);
  visitor.fill(-1);
  eachReading(versions, visitor, (place, read) => {
    reads[next[place]!++] = read;
  });
  return { start, reads, successor: successorsOf(versions, start, reads) };
}

export function initialPlace(versions: RegisterVersions, key: number): number {
  return versions.start[key]! + key;
}

export function placeOf(version: number, key: number): number {
  return version + key + 1;
}

/** Each place that an ok transaction read, once per transaction. */
function eachReading(
  versions: RegisterVersions,
  visitor: Int32Array,
  visit: (place: number, read: number) => void,
): void {
  const { byKey, transactionOf } = versions;
  const { kind, outcome, key: keyOf } = versions.transactions;
  for (let i = 0; i < byKey.length; i++) {
    const read = byKey[i]!;
    if (kind[read] !== microKinds.read) continue;
    const t = transactionOf[read]!;
    if (outcome[t] !== outcomes.ok) continue;
    const version = versionRead(versions, read);
    if (version === NOTHING) continue;
    const key = keyOf[read]!;
    const place = version === INITIAL ? initialPlace(versions, key) : placeOf(version, key);
    if (visitor[place] === t) continue;
    visitor[place] = t;
    visit(place, read);
  }
}

function successorsOf(
  versions: RegisterVersions,
  start: Int32Array,
  reads: Int32Array,
): Int32Array {
  const { transactions, transactionOf, writeOf } = versions;
  const successor = new Int32Array(reads.length).fill(NO_VERSION);
  const own = new Int32Array(transactions.size).fill(NO_VERSION);
  for (let key = 0; key < transactions.keys.length; key++) {
    const first = versions.start[key]!;
    const end = versions.start[key + 1]!;
    for (let v = first; v < end; v++) own[transactionOf[writeOf[v]!]!] = v;
    const last = start[placeOf(end - 1, key) + 1]!;
    for (let i = start[initialPlace(versions, key)]!; i < last; i++) {
      const version = own[transactionOf[reads[i]!]!]!;
      if (version >= first && version < end) successor[i] = version;
    }
  }
  return successor;
}
