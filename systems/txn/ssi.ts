/**
 * Serializable snapshot isolation: snapshot isolation that refuses commits which could close a circle
 * (Cahill, Röhm and Fekete, "Serializable Isolation for Snapshot Databases", 2008; as in PostgreSQL:
 * Ports and Grittner, "Serializable Snapshot Isolation in PostgreSQL", 2012).
 *
 * T has an antidependency on U, T → U, when T read what U, concurrent with it, then overwrote: T comes
 * before U in any serial order, though it may commit after it. Whenever snapshot isolation is not
 * serializable, somewhere stand two in a row, Tin → Tpivot → Tout, of which Tout was the first to
 * commit; and if Tin only reads, Tout committed before Tin took its snapshot. So whoever commits last
 * and would complete such a structure is refused. Some of those refused were harmless.
 *
 * Commits are decided here one after the other, in the order of the log, so that each structure is
 * looked for once, by its last: T as pivot, or as Tin of a pivot that has committed. (Tout is never
 * last.) Reads must be remembered beyond the reader's commit (SIREAD locks), also of those that only
 * read: a later commit may make the reader Tin. Left out: forgetting them once nobody is concurrent;
 * safe snapshots, in which readers need not be remembered.
 */

import type { CommitRecord } from "./messages.js";
import { touchedBy } from "./ranges.js";

interface Committed {
  timestamp: number;
  /** Before what Tout must have committed to make a danger of it as Tin. */
  tinUntil: number;
  /** When the first of those committed on which it has an antidependency; Infinity without any. */
  outSince: number;
}

/** A commit that asks, and what those committed mean to it. */
type Asking = Pick<CommitRecord, "snapshot" | "reads" | "writes">;

export class Antidependencies {
  readonly #bugs: ReadonlySet<string>;
  /** By item, in the order of commits. */
  readonly #readers = new Map<string, Committed[]>();
  readonly #writers = new Map<string, Committed[]>();

  constructor(bugs: ReadonlySet<string>) {
    this.#bugs = bugs;
  }

  /** Would its commit complete a dangerous structure? O(its items times those concurrent with it). */
  dangerous(asking: Asking): boolean {
    const outs = this.#outs(asking);
    const outSince = firstOf(outs);
    const asPivot = this.#ins(asking).some(({ tinUntil }) => outSince <= tinUntil);
    if (asPivot || this.#bugs.has("committed-pivots-pass")) return asPivot;
    const onlyReads = asking.writes.length === 0;
    return outs.some(
      ({ outSince: since, timestamp }) => since <= (onlyReads ? asking.snapshot : timestamp),
    );
  }

  /** Remembers what a transaction that commits has read and written. */
  commit(asking: Asking, timestamp: number): void {
    const { snapshot, reads, writes } = asking;
    const tinUntil = writes.length === 0 ? snapshot : timestamp;
    // Who has no antidependency yet can still be overwritten, but never by the first to commit.
    const committed = { timestamp, tinUntil, outSince: firstOf(this.#outs(asking)) };
    for (const item of this.#itemsWritten(asking)) note(this.#writers, item, committed);
    if (this.#bugs.has("forgets-committed-reads")) return;
    for (const item of reads) note(this.#readers, item, committed);
  }

  /** Those concurrent with it that overwrote what it read. */
  #outs({ snapshot, reads }: Asking): Committed[] {
    return reads.flatMap((item) => since(this.#writers.get(item), snapshot));
  }

  /** Those concurrent with it that read what it overwrites. */
  #ins(asking: Asking): Committed[] {
    const items = this.#itemsWritten(asking);
    return items.flatMap((item) => since(this.#readers.get(item), asking.snapshot));
  }

  #itemsWritten({ writes }: Asking): string[] {
    return [...new Set(writes.flatMap(({ key }) => touchedBy(key, this.#bugs)))];
  }
}

function firstOf(outs: readonly Committed[]): number {
  return outs.reduce((first, { timestamp }) => Math.min(first, timestamp), Infinity);
}

function note(map: Map<string, Committed[]>, item: string, committed: Committed): void {
  const list = map.get(item) ?? [];
  map.set(item, list);
  list.push(committed);
}

/** Those that committed after a snapshot was taken. */
function since(list: readonly Committed[] = [], snapshot: number): readonly Committed[] {
  const before = list.findLastIndex(({ timestamp }) => timestamp <= snapshot);
  return list.slice(before + 1);
}
