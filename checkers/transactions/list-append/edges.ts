/**
 * The dependencies of a list-append history, given its version orders:
 *
 *     ww  who appended a version -> who appended the next one; the last version that was read is
 *         followed by all that nobody read
 *     wr  who appended the last element of a list -> who read it; of a list that ends with the
 *         reader's own appends, the last element before those
 *     rw  who read a version -> who appended the next one (or all unread ones)
 *
 * A list that contradicts the longest one at its end tells nothing of what its reader misses.
 *
 * The cause of a ww edge is the later append, that of the other two is the read. A reader of the
 * last version that has itself an unread append depends on the *other* unread ones only; such
 * readers are linked by halving the writers, so that n of them take O(n log n) edges.
 *
 * O(micro-operations), one virtual node for most keys with several unread writers.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import {
  type DependencyGraph,
  edgeKinds,
  GraphBuilder,
  NO_CAUSE,
  type OpenKey,
  VIA,
} from "../dependencies.js";
import { isStray, lastForeign, NOBODY, type VersionOrders, versionRead } from "./version-orders.js";

const { ww, wr, rw } = edgeKinds;
const NONE = -1;
const SEVERAL = -2;

export function dependencies(orders: VersionOrders): DependencyGraph {
  const { transactions, present } = orders;
  const builder = new GraphBuilder(transactions, present);
  addVersionOrders(orders, builder);
  addReads(orders, builder);
  return builder.seal(openKeys(orders));
}

/** The first unread append of a transaction to a key, or -1. O(log of the unread ones). */
export function unreadAppendOf(orders: VersionOrders, key: number, transaction: number): number {
  const { transactions, versions, start, known, unread } = orders;
  const from = transactions.from[transaction]!;
  let low = start[key]! + known[key]!;
  const end = low + unread[key]!;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (versions[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low < end && versions[low]! < transactions.from[transaction + 1]! ? versions[low]! : NONE;
}

/** The transactions with unread appends to a key, in order of invocation. */
export function unreadWriters(orders: VersionOrders, key: number): number[] {
  const { transactionOf, versions, start, known, unread } = orders;
  const from = start[key]! + known[key]!;
  const writers: number[] = [];
  for (let at = from; at < from + unread[key]!; at++) {
    const writer = transactionOf[versions[at]!]!;
    if (writer !== writers.at(-1)) writers.push(writer);
  }
  return writers;
}

function addVersionOrders(orders: VersionOrders, builder: GraphBuilder): void {
  const { transactionOf, versions, start, known, unread } = orders;
  for (let key = 0; key < known.length; key++) {
    const from = start[key]!;
    const end = from + known[key]!;
    if (end === from) continue;
    let writer = transactionOf[versions[from]!]!;
    for (let at = from + 1; at < end; at++) {
      const next = transactionOf[versions[at]!]!;
      builder.add(writer, next, ww, versions[at]!);
      writer = next;
    }
    for (let at = end, before = NONE; at < end + unread[key]!; at++) {
      const next = transactionOf[versions[at]!]!;
      if (next !== before) builder.add(writer, next, ww, versions[at]!);
      before = next;
    }
  }
}

function addReads(orders: VersionOrders, builder: GraphBuilder): void {
  const { transactions, transactionOf, versions, start, known, unread } = orders;
  const { size, outcome, from, kind, key, length } = transactions;
  const unreadOfKey = new UnreadLinks(orders, builder);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (kind[m] !== microKinds.read || length[m]! < 0) continue;
      const k = key[m]!;
      let version = 0;
      if (length[m]! > 0) {
        const append = lastForeign(orders, m);
        if (append !== NOBODY) builder.add(transactionOf[append]!, t, wr, m);
        if (isStray(orders, m)) continue;
        version = versionRead(orders, m);
      }
      if (version < known[k]!) {
        builder.add(t, transactionOf[versions[start[k]! + version]!]!, rw, m);
      } else if (unread[k]! > 0) unreadOfKey.addReader(k, t, m);
    }
  }
  unreadOfKey.finish();
}

/** From the readers of a key's last version to all who appended to it unread. */
class UnreadLinks {
  readonly #orders: VersionOrders;
  readonly #builder: GraphBuilder;
  /** By key: the only unread writer, or SEVERAL. */
  readonly #sole: Int32Array;
  /** By key: the virtual node before all unread writers, once somebody needs it. */
  readonly #hub: Int32Array;
  /** Readers that are unread writers themselves: key, read, key, read … */
  readonly #peers: number[] = [];

  constructor(orders: VersionOrders, builder: GraphBuilder) {
    const { transactionOf, versions, start, known, unread } = orders;
    this.#orders = orders;
    this.#builder = builder;
    this.#hub = new Int32Array(known.length).fill(NONE);
    this.#sole = new Int32Array(known.length).fill(NONE);
    for (let key = 0; key < known.length; key++) {
      if (unread[key] === 0) continue;
      const first = start[key]! + known[key]!;
      // Appends of one transaction stand together.
      const sole = transactionOf[versions[first]!]!;
      const last = transactionOf[versions[first + unread[key]! - 1]!]!;
      this.#sole[key] = sole === last ? sole : SEVERAL;
    }
  }

  addReader(key: number, reader: number, read: number): void {
    if (this.#sole[key] !== SEVERAL) this.#builder.add(reader, this.#sole[key]!, rw, read);
    else if (unreadAppendOf(this.#orders, key, reader) !== NONE) this.#peers.push(key, read);
    else {
      if (this.#hub[key] === NONE) {
        this.#hub[key] = this.#hubOf(unreadWriters(this.#orders, key));
      }
      this.#builder.add(reader, this.#hub[key]!, rw, read);
    }
  }

  finish(): void {
    const readsByKey = new Map<number, number[]>();
    for (let i = 0; i < this.#peers.length; i += 2) {
      const reads = readsByKey.get(this.#peers[i]!);
      if (reads === undefined) readsByKey.set(this.#peers[i]!, [this.#peers[i + 1]!]);
      else reads.push(this.#peers[i + 1]!);
    }
    for (const [key, reads] of readsByKey) this.#link(reads, unreadWriters(this.#orders, key));
  }

  /** Both in order of invocation; every reader is one of the writers. */
  #link(reads: readonly number[], writers: readonly number[]): void {
    if (reads.length === 0 || writers.length < 2) return;
    const middle = writers.length >>> 1;
    const left = writers.slice(0, middle);
    const right = writers.slice(middle);
    const split = reads.findIndex((read) => this.#readerOf(read) >= right[0]!);
    const rightReads = split === -1 ? [] : reads.slice(split);
    const leftReads = split === -1 ? reads : reads.slice(0, split);
    this.#linkAll(leftReads, right);
    this.#linkAll(rightReads, left);
    this.#link(leftReads, left);
    this.#link(rightReads, right);
  }

  #linkAll(reads: readonly number[], writers: readonly number[]): void {
    const direct = Math.min(reads.length, writers.length) === 1;
    const hub = direct || reads.length === 0 ? NONE : this.#hubOf(writers);
    for (const read of reads) {
      if (!direct) this.#builder.add(this.#readerOf(read), hub, rw, read);
      else for (const writer of writers) this.#builder.add(this.#readerOf(read), writer, rw, read);
    }
  }

  #hubOf(writers: readonly number[]): number {
    const hub = this.#builder.virtual();
    for (const writer of writers) this.#builder.add(hub, writer, VIA, NO_CAUSE);
    return hub;
  }

  #readerOf(read: number): number {
    return this.#orders.transactionOf[read]!;
  }
}

/** Unread appends of one transaction stay together: apart they could only do harm. */
function openKeys(orders: VersionOrders): OpenKey[] {
  const open: OpenKey[] = [];
  const nobody = new Int32Array(0);
  for (let key = 0; key < orders.unread.length; key++) {
    if (orders.unread[key]! < 2) continue;
    const writers = unreadWriters(orders, key);
    if (writers.length < 2) continue;
    open.push({ key, writers: Int32Array.from(writers), readers: writers.map(() => nobody) });
  }
  return open;
}
