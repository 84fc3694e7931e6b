/**
 * The versions of each open key in the order in which their writers commit, while the order of
 * events changes, and those among them that break a rule: a version is read after the next one was
 * written, or, where transactions have a snapshot, the next writer's snapshot lies before the
 * version's commit. It is enough to look at neighbours: what breaks a rule with any later version
 * breaks it with the next.
 *
 * A change is O(versions passed); a check is O(readers of the version), counted in `steps`.
 */

import { commitOf, type EventGraph, snapshotOf } from "./event-graph.js";
import type { IncrementalOrder } from "./incremental-order.js";
import type { OpenVersions } from "./open-versions.js";

export interface Breach {
  /** Versions, in the order of their commits. */
  first: number;
  second: number;
  /** Who reads the first too late; undefined where writers overlap. */
  reader: number | undefined;
}

export class KeyOrders {
  /** Versions by key, in order of commits. */
  readonly #versionAt: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #isQueued: Uint8Array;
  #queue: number[] = [];
  #next = 0;
  steps = 0;

  constructor(
    readonly events: EventGraph,
    readonly versions: OpenVersions,
    readonly order: IncrementalOrder,
    initial: Int32Array,
  ) {
    const count = versions.writer.length;
    this.#versionAt = new Int32Array(count);
    this.#placeOf = new Int32Array(count);
    this.#isQueued = new Uint8Array(count);
    this.#fill(initial);
    // In the order of events, so that what is repaired first stays repaired.
    this.#eachCommit(initial, (version) => {
      if (this.breachOf(version) !== undefined) this.mark(version);
    });
  }

  /** By open key: the places of its versions, in order of commits. */
  orders(): Int32Array[] {
    const { start, open } = this.versions;
    return open.map((_, i) =>
      this.#versionAt.slice(start[i], start[i + 1]).map((version) => version - start[i]!),
    );
  }

  /** To be looked at (again). */
  mark(version: number): void {
    if (this.#isQueued[version] === 1) return;
    this.#isQueued[version] = 1;
    this.#queue.push(version);
  }

  /** A rule that is broken; undefined when all hold. */
  nextBreach(): Breach | undefined {
    while (this.#next < this.#queue.length) {
      const version = this.#queue[this.#next++]!;
      this.#isQueued[version] = 0;
      this.#sift(version);
      const breach = this.breachOf(version);
      if (breach !== undefined) return breach;
    }
    this.#queue = [];
    this.#next = 0;
    return undefined;
  }

  /** Puts every version in its place, whatever rules are broken. */
  refresh(): void {
    while (this.nextBreach() !== undefined);
  }

  breachOf(first: number): Breach | undefined {
    const second = this.#after(first);
    if (second === undefined) return undefined;
    const { writer, readers } = this.versions;
    if (writer[first] === writer[second]) return undefined;
    const { events, order } = this;
    const commit = order.position(commitOf(events, writer[second]!));
    if (order.position(commitOf(events, writer[first]!)) > commit) return undefined;
    let reader: number | undefined;
    let latest = commit;
    for (let i = readers.start[first]!; i < readers.start[first + 1]!; i++) {
      const position = order.position(snapshotOf(events, readers.items[i]!));
      this.steps += 1;
      if (position <= latest) continue;
      latest = position;
      reader = readers.items[i]!;
    }
    if (reader !== undefined) return { first, second, reader };
    if (events.form !== "snapshot") return undefined;
    const snapshot = order.position(snapshotOf(events, writer[second]!));
    const isOverlapping = snapshot < order.position(commitOf(events, writer[first]!));
    return isOverlapping ? { first, second, reader: undefined } : undefined;
  }

  /** A node has another position. */
  moved(node: number): void {
    const { events, versions, order } = this;
    if (node >= events.firstVirtual) return;
    const t = events.split === 2 ? node >> 1 : node;
    const { reads, writes, writer } = versions;
    for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) this.#touch(writes.items[i]!);
    if (node !== snapshotOf(events, t)) return;
    for (let i = reads.start[t]!; i < reads.start[t + 1]!; i++) {
      const version = reads.items[i]!;
      const next = this.#after(version);
      if (next === undefined) continue;
      const commit = order.position(commitOf(events, writer[next]!));
      if (order.position(node) > commit) this.mark(version);
    }
  }

  /** The version that follows another one. */
  after(version: number): number | undefined {
    return this.#after(version);
  }

  #after(version: number): number | undefined {
    const { start, keyOf } = this.versions;
    const place = this.#placeOf[version]! + 1;
    return place < start[keyOf[version]! + 1]! ? this.#versionAt[place] : undefined;
  }

  #before(version: number): number | undefined {
    const { start, keyOf } = this.versions;
    const place = this.#placeOf[version]! - 1;
    return place >= start[keyOf[version]!]! ? this.#versionAt[place] : undefined;
  }

  /** Marks a version and its neighbours. */
  #touch(version: number): void {
    this.mark(version);
    const before = this.#before(version);
    const after = this.#after(version);
    if (before !== undefined) this.mark(before);
    if (after !== undefined) this.mark(after);
  }

  /** Moves a version to its place among its neighbours. */
  #sift(version: number): void {
    let isMoved = false;
    for (;;) {
      const before = this.#before(version);
      const after = this.#after(version);
      if (before !== undefined && this.#isLater(before, version)) this.#swap(before, version);
      else if (after !== undefined && this.#isLater(version, after)) this.#swap(version, after);
      else break;
      isMoved = true;
    }
    if (isMoved) this.#touch(version);
  }

  #swap(left: number, right: number): void {
    const place = this.#placeOf[left]!;
    this.#versionAt[place] = right;
    this.#versionAt[place + 1] = left;
    this.#placeOf[right] = place;
    this.#placeOf[left] = place + 1;
    this.#touch(left);
    this.#touch(right);
  }

  #isLater(a: number, b: number): boolean {
    const { events, order } = this;
    const { writer } = this.versions;
    return (
      order.position(commitOf(events, writer[a]!)) > order.position(commitOf(events, writer[b]!))
    );
  }

  #fill(initial: Int32Array): void {
    const { start, keyOf } = this.versions;
    const next = start.slice();
    this.#eachCommit(initial, (version) => {
      const place = next[keyOf[version]!]!++;
      this.#versionAt[place] = version;
      this.#placeOf[version] = place;
    });
  }

  #eachCommit(nodes: Int32Array, visit: (version: number) => void): void {
    const { writes } = this.versions;
    for (const node of nodes) {
      if (node >= this.events.firstVirtual) continue;
      const t = this.events.split === 2 ? node >> 1 : node;
      if (node !== commitOf(this.events, t)) continue;
      for (let i = writes.start[t]!; i < writes.start[t + 1]!; i++) visit(writes.items[i]!);
    }
  }
}
