/**
 * Who wrote what each read of a register returned, and the versions of each key: the last write of
 * every transaction that takes part, in no order. Values are unique per key, so this is certain.
 *
 * Transactions that take part ("present"): the ok ones, and those of unknown outcome of which an ok
 * transaction read a write. Time and memory O(micro-operations + values), without hashing: one pass
 * key by key, in which an array by value says who wrote it.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";

/** In `source`: the read returned the initial state; nobody knows what; what nobody ever wrote. */
export const INITIAL = -1;
export const UNREAD = -2;
export const NOBODY = -3;

/** In `versionOf`, of writes that are no versions. */
export const NO_VERSION = -1;

export interface RegisterVersions {
  transactions: Transactions;
  /** 1 for transactions that take part. */
  present: Uint8Array;
  /** The transaction of each micro-operation. */
  transactionOf: Int32Array;
  /**
   * Of a read: the micro-operation that wrote what it returned, or INITIAL, UNREAD, NOBODY. Of a
   * write: itself.
   */
  source: Int32Array;
  /** 1 for the last write of a transaction to a key, whatever became of the transaction. */
  isFinal: Uint8Array;
  /**
   * Micro-operations by key, in order of invocation: those of key k are `byKey[keyStart[k]]` up to
   * `byKey[keyStart[k + 1]]`.
   */
  byKey: Int32Array;
  keyStart: Int32Array;
  /**
   * Versions by key in order of invocation: those of key k are `start[k]` up to `start[k + 1]`; the
   * write of each.
   */
  start: Int32Array;
  writeOf: Int32Array;
  /** By micro-operation: the version that it wrote, or NO_VERSION. */
  versionOf: Int32Array;
}

export function indexVersions(transactions: Transactions): RegisterVersions {
  const transactionOf = ownersOf(transactions);
  const { byKey, keyStart } = sortedByKey(transactions);
  const isFinal = finalWrites(transactions, { byKey, transactionOf });
  const source = sourcesOf(transactions, { byKey, keyStart });
  const present = whoTakesPart(transactions, source, transactionOf);
  const keys = transactions.keys.length;
  const start = new Int32Array(keys + 1);
  const versionOf = new Int32Array(byKey.length).fill(NO_VERSION);
  let count = 0;
  for (let key = 0; key < keys; key++) {
    for (let i = keyStart[key]!; i < keyStart[key + 1]!; i++) {
      const micro = byKey[i]!;
      if (isFinal[micro] === 1 && present[transactionOf[micro]!] === 1) versionOf[micro] = count++;
    }
    start[key + 1] = count;
  }
  const writeOf = new Int32Array(count);
  for (let micro = 0; micro < versionOf.length; micro++) {
    if (versionOf[micro] !== NO_VERSION) writeOf[versionOf[micro]!] = micro;
  }
  return {
    ...{ transactions, present, transactionOf, source, isFinal, byKey, keyStart, start },
    ...{ writeOf, versionOf },
  };
}

/** What a read returned is no version, or its own transaction's. */
export const NOTHING = -2;

/** The version that a read returned, INITIAL or NOTHING. */
export function versionRead(versions: RegisterVersions, read: number): number {
  const source = versions.source[read]!;
  if (source === INITIAL) return INITIAL;
  if (source < 0 || versions.transactionOf[source] === versions.transactionOf[read]) return NOTHING;
  const version = versions.versionOf[source]!;
  return version === NO_VERSION ? NOTHING : version;
}

/** The last write of a transaction to a key; undefined when it does not write it. O(its size). */
export function finalWrite(
  { transactions, isFinal }: RegisterVersions,
  transaction: number,
  key: number,
): number | undefined {
  const { from, key: keyOf } = transactions;
  for (let m = from[transaction + 1]! - 1; m >= from[transaction]!; m--) {
    if (isFinal[m] === 1 && keyOf[m] === key) return m;
  }
  return undefined;
}

function ownersOf({ size, from }: Transactions): Int32Array {
  const owners = new Int32Array(from[size]!);
  for (let t = 0; t < size; t++) owners.fill(t, from[t]!, from[t + 1]!);
  return owners;
}

function sortedByKey({ size, from, key, keys }: Transactions): {
  byKey: Int32Array;
  keyStart: Int32Array;
} {
  const micros = from[size]!;
  const keyStart = new Int32Array(keys.length + 2);
  for (let m = 0; m < micros; m++) keyStart[key[m]! + 2]! += 1;
  for (let k = 2; k < keyStart.length; k++) keyStart[k]! += keyStart[k - 1]!;
  const byKey = new Int32Array(micros);
  for (let m = 0; m < micros; m++) byKey[keyStart[key[m]! + 1]!++] = m;
  return { byKey, keyStart: keyStart.subarray(0, keys.length + 1) };
}

/** Backwards, the first write of a transaction among those of a key is its last. */
function finalWrites(
  { kind, key }: Transactions,
  { byKey, transactionOf }: Pick<RegisterVersions, "byKey" | "transactionOf">,
): Uint8Array {
  const isFinal = new Uint8Array(byKey.length);
  let seenKey = -1;
  let seenWriter = -1;
  for (let i = byKey.length - 1; i >= 0; i--) {
    const micro = byKey[i]!;
    if (kind[micro] !== microKinds.write) continue;
    if (key[micro] === seenKey && transactionOf[micro] === seenWriter) continue;
    seenKey = key[micro]!;
    seenWriter = transactionOf[micro]!;
    isFinal[micro] = 1;
  }
  return isFinal;
}

function sourcesOf(
  { kind, value, values, keys }: Transactions,
  { byKey, keyStart }: Pick<RegisterVersions, "byKey" | "keyStart">,
): Int32Array {
  const source = new Int32Array(byKey.length);
  const writer = new Int32Array(values.size).fill(NOBODY);
  for (let k = 0; k < keys.length; k++) {
    const start = keyStart[k]!;
    const end = keyStart[k + 1]!;
    for (let i = start; i < end; i++) {
      const micro = byKey[i]!;
      if (kind[micro] === microKinds.write) writer[value[micro]!] = micro;
    }
    for (let i = start; i < end; i++) {
      const micro = byKey[i]!;
      const id = value[micro]!;
      source[micro] = id === UNKNOWN ? UNREAD : id === NULL_ID ? INITIAL : writer[id]!;
    }
    for (let i = start; i < end; i++) {
      const micro = byKey[i]!;
      if (kind[micro] === microKinds.write) writer[value[micro]!] = NOBODY;
    }
  }
  return source;
}

function whoTakesPart(
  { size, from, kind, outcome }: Transactions,
  source: Int32Array,
  transactionOf: Int32Array,
): Uint8Array {
  const present = new Uint8Array(size);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    present[t] = 1;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || source[m]! < 0) continue;
      const writer = transactionOf[source[m]!]!;
      if (outcome[writer] === outcomes.info) present[writer] = 1;
    }
  }
  return present;
}
