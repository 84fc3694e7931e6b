/**
 * Dependencies between transactions on registers.
 *
 * wr is certain: values are unique. A transaction that reads version a of a key and writes version
 * b puts a before b wherever reads are respected, because b before a would close the cycle of that
 * wr edge and a ww edge. So all other readers of a precede b (rw); the ww edge itself would say
 * nothing that the wr edge does not, and would be wrong where only writes count. Readers of the
 * initial state precede the versions that nothing is known to precede. Whatever else is known
 * (`known`) was claimed or assumed, and gives ww and rw edges.
 *
 * A key is open unless its versions form one chain. O((micro-operations + known) log) at most.
 */

import { type DependencyGraph, edgeKinds, GraphBuilder, type OpenKey } from "../dependencies.js";
import { addBundle } from "./bundle.js";
import { initialPlace, placeOf, type Readings } from "./readings.js";
import { NO_VERSION, type RegisterVersions } from "./versions.js";

/** Pairs of versions of one key, of which the first comes first, by whatever authority. */
export interface KnownOrder {
  before: readonly number[];
  after: readonly number[];
  /** By key: nothing is free any more. */
  isTotal: (key: number) => boolean;
}

/** Whose reads put versions before later writes: everybody's, or those who write the key, too. */
export type Readers = "all" | "updates";

export function graphOf(
  versions: RegisterVersions,
  readings: Readings,
  known: KnownOrder,
  readers: Readers = "all",
): DependencyGraph {
  const { transactions, present, transactionOf, writeOf } = versions;
  const builder = new GraphBuilder(transactions, present);
  const later = laterVersions(known);
  for (let i = 0; i < known.before.length; i++) {
    const write = writeOf[known.before[i]!]!;
    const next = writeOf[known.after[i]!]!;
    builder.add(transactionOf[write]!, transactionOf[next]!, edgeKinds.ww, write);
  }
  const open: OpenKey[] = [];
  const hasEarlier = new Uint8Array(writeOf.length);
  for (let key = 0; key < transactions.keys.length; key++) {
    const isChain = addKey(builder, { versions, readings, later, hasEarlier, readers }, key);
    if (!isChain && !known.isTotal(key)) open.push(openKey({ versions, readings, readers }, key));
  }
  return builder.seal(open);
}

interface Parts {
  readers: Readers;
  versions: RegisterVersions;
  readings: Readings;
  /** By version: those that are known to come later, by `known`. */
  later: ReadonlyMap<number, readonly number[]>;
  /** By version: something is known to come before. */
  hasEarlier: Uint8Array;
}

/** Adds the edges of a key; whether reads alone put all of its versions into one chain. */
function addKey(builder: GraphBuilder, parts: Parts, key: number): boolean {
  const { versions, readings, later, hasEarlier } = parts;
  const { transactionOf, writeOf, start } = versions;
  const first = start[key]!;
  const end = start[key + 1]!;
  let links = 0;
  let isChain = true;
  for (let v = first; v < end; v++) {
    const place = placeOf(v, key);
    const writer = transactionOf[writeOf[v]!]!;
    const readers: number[] = [];
    const writers: number[] = [];
    for (let i = readings.start[place]!; i < readings.start[place + 1]!; i++) {
      const read = readings.reads[i]!;
      builder.add(writer, transactionOf[read]!, edgeKinds.wr, read);
      const next = readings.successor[i]!;
      if (isCounted(parts, i)) readers.push(read);
      if (next !== NO_VERSION) {
        hasEarlier[next] = 1;
        writers.push(writeOf[next]!);
      }
    }
    links += writers.length;
    if (writers.length > 1) isChain = false;
    for (const next of later.get(v) ?? []) {
      hasEarlier[next] = 1;
      if (!writers.includes(writeOf[next]!)) writers.push(writeOf[next]!);
    }
    if (writers.length > 0) addBundle(builder, transactionOf, { readers, writers });
  }
  addInitial(builder, parts, key);
  return end - first <= 1 || (isChain && links === end - first - 1 && hasOneRoot(parts, key));
}

function addInitial(builder: GraphBuilder, parts: Parts, key: number): void {
  const { versions, readings, hasEarlier } = parts;
  const { start, writeOf, transactionOf } = versions;
  const place = initialPlace(versions, key);
  const readers: number[] = [];
  for (let i = readings.start[place]!; i < readings.start[place + 1]!; i++)
    if (isCounted(parts, i)) readers.push(readings.reads[i]!);
  if (readers.length === 0) return;
  const writers: number[] = [];
  for (let v = start[key]!; v < start[key + 1]!; v++)
    if (hasEarlier[v] === 0) writers.push(writeOf[v]!);
  if (writers.length > 0) addBundle(builder, transactionOf, { readers, writers });
}

function isCounted(
  { readings, readers }: Pick<Parts, "readings" | "readers">,
  reading: number,
): boolean {
  return readers === "all" || readings.successor[reading] !== NO_VERSION;
}

/** With one link less than versions and none that branches, one root means one chain. */
function hasOneRoot({ versions: { start }, hasEarlier }: Parts, key: number): boolean {
  let roots = 0;
  for (let v = start[key]!; v < start[key + 1]!; v++) if (hasEarlier[v] === 0) roots += 1;
  return roots === 1;
}

function laterVersions({ before, after }: KnownOrder): ReadonlyMap<number, readonly number[]> {
  const later = new Map<number, number[]>();
  for (let i = 0; i < before.length; i++) {
    const list = later.get(before[i]!);
    if (list === undefined) later.set(before[i]!, [after[i]!]);
    else list.push(after[i]!);
  }
  return later;
}

function openKey(
  { versions, readings, readers: counted }: Omit<Parts, "later" | "hasEarlier">,
  key: number,
): OpenKey {
  const { start, transactionOf, writeOf } = versions;
  const first = start[key]!;
  const writers = new Int32Array(start[key + 1]! - first);
  const readers: Int32Array[] = [];
  for (let i = 0; i < writers.length; i++) {
    writers[i] = transactionOf[writeOf[first + i]!]!;
    const place = placeOf(first + i, key);
    const list: number[] = [];
    for (let r = readings.start[place]!; r < readings.start[place + 1]!; r++)
      if (isCounted({ readings, readers: counted }, r))
        list.push(transactionOf[readings.reads[r]!]!);
    readers.push(list.length === 0 ? NOBODY_READS : Int32Array.from(list));
  }
  return { key, writers, readers };
}

const NOBODY_READS = new Int32Array(0);
