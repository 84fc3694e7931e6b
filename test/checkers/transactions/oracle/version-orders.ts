/**
 * All version orders that a history allows, by brute force.
 *
 * Every model asks for ww to be acyclic, so that it has a total order of the present transactions
 * that it agrees with. Enumerating all total orders (`commitOrders`, n! of them) and taking from
 * each the version orders that it implies therefore leaves none out. Where lists were read, total
 * orders that contradict the order read imply nothing and are skipped.
 */

import {
  longestReads,
  type Read,
  type SmallHistory,
  shownBy,
  type Transaction,
  type Value,
  writerOf,
  writesOf,
} from "./small-history.js";

export interface Version {
  writer: Transaction;
  value: Value;
}

/** By key: its versions; the initial one, which nobody wrote, is number 0 and not in the list. */
export type VersionOrders = ReadonlyMap<string, readonly Version[]>;

export interface CommitOrder {
  order: readonly Transaction[];
  versions: VersionOrders;
}

/** Total orders of the present transactions, each with the version orders that it implies. */
export function commitOrders(history: SmallHistory): CommitOrder[] {
  const keys = history.keys.map((key) => keyVersions(history, key));
  const given = keys.flatMap(givenOrder);
  return permutations(history.present.length)
    .map((places) => places.map((place) => history.present[place]!))
    .filter((order) => given.every(([a, b]) => order.indexOf(a) < order.indexOf(b)))
    .map((order) => ({ order, versions: impliedVersions(order, keys) }));
}

interface KeyVersions {
  key: string;
  known: readonly Version[];
  /** Those of each writer whose place is free. */
  free: ReadonlyMap<Transaction, readonly Version[]>;
}

function keyVersions(history: SmallHistory, key: string): KeyVersions {
  const known = knownVersions(history, key);
  const isFree = ({ value }: Version) => !known.some((version) => version.value === value);
  const free = history.present.map((writer): [Transaction, Version[]] => [
    writer,
    versionsOf(history, writer, key).filter(isFree),
  ]);
  return { key, known, free: new Map(free.filter(([, versions]) => versions.length > 0)) };
}

/** Pairs of writers in the order of the versions that are known, and of those before free ones. */
function givenOrder({ known, free }: KeyVersions): [Transaction, Transaction][] {
  const writers = known.map(({ writer }) => writer);
  const neighbours = writers.slice(1).map((b, at): [Transaction, Transaction] => [writers[at]!, b]);
  const last = writers.at(-1);
  const behind = last === undefined ? [] : [...free.keys()];
  return [...neighbours, ...behind.map((b): [Transaction, Transaction] => [last!, b])].filter(
    ([a, b]) => a !== b,
  );
}

function impliedVersions(order: readonly Transaction[], keys: readonly KeyVersions[]) {
  return new Map(
    keys.map(({ key, known, free }) => [
      key,
      [...known, ...order.flatMap((writer) => free.get(writer) ?? [])],
    ]),
  );
}

/**
 * Lists: the longest one read, of elements of present transactions; of several that differ, what all
 * of them begin with: who read first has no say in it. Registers: nothing.
 */
export function knownVersions(history: SmallHistory, key: string): Version[] {
  const [first, ...others] = longestReads(history, key);
  const differs = (value: Value, at: number): boolean => others.some((list) => list[at] !== value);
  const end = first!.findIndex(differs);
  return versionsIn(history, key, end < 0 ? first! : first!.slice(0, end));
}

function versionsIn(history: SmallHistory, key: string, list: readonly Value[]): Version[] {
  if (history.service === "rw-register") return [];
  return [...new Set(list)].flatMap((value) => {
    const writer = writerOf(history.present, key, value);
    return writer === undefined ? [] : [{ writer, value }];
  });
}

/** Lists: every append. Registers: the last write. */
function versionsOf(history: SmallHistory, writer: Transaction, key: string): Version[] {
  const writes = writesOf(writer, key);
  const counted = history.service === "rw-register" ? writes.slice(-1) : writes;
  return counted.map(({ value }) => ({ writer, value }));
}

/** The number of the version that a read returned; -1 for what is no version. */
export function versionRead(versions: VersionOrders, read: Read): number {
  return versionOf(versions, read.key, shownBy(read).at(-1));
}

export function versionOf(versions: VersionOrders, key: string, last: Value | undefined): number {
  if (last === undefined) return 0;
  const at = versions.get(key)!.findIndex(({ value }) => value === last);
  return at < 0 ? -1 : at + 1;
}

/** Undefined for the initial version, the one after the newest, and none. */
export function writerOfVersion(
  versions: VersionOrders,
  key: string,
  number: number,
): Transaction | undefined {
  return versions.get(key)![number - 1]?.writer;
}

const permutationsOfSize = new Map<number, readonly (readonly number[])[]>();

/** All orders of 0 … n - 1; shared, so that asking again costs nothing. */
function permutations(n: number): readonly (readonly number[])[] {
  const known = permutationsOfSize.get(n);
  if (known !== undefined) return known;
  const all =
    n === 0
      ? [[]]
      : permutations(n - 1).flatMap((rest) =>
          Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
        );
  permutationsOfSize.set(n, all);
  return all;
}
