/**
 * The definitions of the list-append analysis once more, on plain lists and by comparing everything
 * with everything: what the columns and chains are supposed to say.
 */

import type { History } from "../../../../histories/history.js";

interface Micro {
  isAppend: boolean;
  key: string;
  element: number;
  list: number[];
}

export interface Txn {
  id: number;
  outcome: string;
  completed: number;
  micros: Micro[];
}

type Edge = [from: number, to: number, kind: "ww" | "wr" | "rw"];

export class Naive {
  readonly txns: Txn[];
  readonly present: Txn[];
  readonly ok: Txn[];
  readonly keys: string[];

  constructor(history: History) {
    this.txns = history.operations.map((operation, id) => {
      const { outcome, completed } = operation;
      const told = (outcome === "ok" ? operation.output : operation.input) as unknown[][];
      const micros = told.map(([f, key, value]) => ({
        ...{ isAppend: f === "append", key: key as string, element: value as number },
        list: f === "r" ? ((value ?? []) as number[]) : [],
      }));
      const counted = outcome === "ok" ? micros : micros.filter(({ isAppend }) => isAppend);
      return { id, outcome, completed, micros: counted };
    });
    this.ok = this.txns.filter(({ outcome }) => outcome === "ok");
    this.keys = [...new Set(this.txns.flatMap(({ micros }) => micros.map(({ key }) => key)))];
    this.present = this.txns.filter(
      (txn) =>
        txn.outcome === "ok" ||
        (txn.outcome === "info" &&
          this.reads().some(({ read }) =>
            read.list.some((element) => this.writer(read.key, element) === txn),
          )),
    );
  }

  reads(key?: string): { txn: Txn; read: Micro; at: number }[] {
    return this.ok.flatMap((txn) =>
      txn.micros
        .map((read, at) => ({ txn, read, at }))
        .filter(({ read }) => !read.isAppend && (key === undefined || read.key === key)),
    );
  }

  writer(key: string, element: number): Txn | undefined {
    return this.txns.find((txn) => appendsOf(txn, key).includes(element));
  }

  longest(key: string): number[] {
    let best: { completed: number; list: number[] } | undefined;
    for (const { txn, read } of this.reads(key)) {
      const longer = read.list.length - (best?.list.length ?? -1);
      if (longer > 0 || (longer === 0 && txn.completed < best!.completed)) {
        best = { completed: txn.completed, list: read.list };
      }
    }
    return best?.list ?? [];
  }

  isPresent(txn: Txn | undefined): txn is Txn {
    return txn !== undefined && this.present.includes(txn);
  }

  known(key: string): number[] {
    return [...new Set(this.longest(key))].filter((e) => this.isPresent(this.writer(key, e)));
  }

  unread(key: string): number[] {
    const known = this.known(key);
    return this.present.flatMap((txn) => appendsOf(txn, key).filter((e) => !known.includes(e)));
  }

  unreadWriters(key: string): Txn[] {
    return [...new Set(this.unread(key).map((element) => this.writer(key, element)!))];
  }

  /** The number of the version at the end of a list. */
  version(key: string, list: readonly number[]): number {
    const known = this.known(key);
    return known.indexOf(list.filter((e) => known.includes(e)).at(-1)!) + 1;
  }

  foreign(txn: Txn, { key, list }: Micro): number[] {
    const last = list.findLastIndex((element) => this.writer(key, element) !== txn);
    return list.slice(0, last + 1);
  }

  #longestLists(key: string): number[][] {
    const lists = this.reads(key).map(({ read }) => read.list);
    const most = Math.max(0, ...lists.map(({ length }) => length));
    return most === 0 ? [] : lists.filter(({ length }) => length === most);
  }

  /** Whether several longest lists differ. */
  isTied(key: string): boolean {
    return new Set(this.#longestLists(key).map(String)).size > 1;
  }

  /** How many of the known versions all longest lists begin with. */
  agreed(key: string): number {
    const known = this.known(key);
    const lists = this.#longestLists(key);
    if (!this.isTied(key)) return known.length;
    const [first] = lists as [number[]];
    const end = first.findIndex((element, i) => lists.some((list) => list[i] !== element));
    return known.filter((element) => first.slice(0, end).includes(element)).length;
  }

  /** Whether a list ends with what the longest list, which it contradicts, has not. */
  isStray(key: string, list: readonly number[]): boolean {
    const lists = this.reads(key).map(({ read }) => read.list);
    const agree = (a: readonly number[], b: readonly number[]) =>
      a.every((element, i) => i >= b.length || element === b[i]);
    const isContested = lists.some((a) => lists.some((b) => !agree(a, b)));
    return isContested && list.length > 0 && !this.known(key).includes(list.at(-1)!);
  }

  /** With every unread append after the last version, and no order among those. */
  edges(): Edge[] {
    const edges: Edge[] = [];
    const add = (from: Txn | undefined, to: Txn | undefined, kind: Edge[2]) => {
      if (from !== undefined && to !== undefined && from !== to) edges.push([from.id, to.id, kind]);
    };
    for (const key of this.keys) {
      const writers = this.known(key).map((element) => this.writer(key, element));
      const free = this.unreadWriters(key);
      const agreed = this.agreed(key);
      for (const [i, writer] of writers.entries()) {
        if (i > 0 && i < agreed) add(writers[i - 1], writer, "ww");
        if (i >= agreed) add(writers[agreed - 1], writer, "ww");
      }
      for (const writer of free) add(writers[agreed - 1], writer, "ww");
      for (const { txn, read } of this.reads(key)) {
        const seen = this.foreign(txn, read).map((element) => this.writer(key, element));
        add(seen.filter((writer) => this.isPresent(writer)).at(-1), txn, "wr");
        if (this.isStray(key, read.list)) continue;
        const version = this.version(key, read.list);
        if (this.isTied(key) && version >= agreed) continue;
        const next = version < writers.length ? [writers[version]] : free;
        for (const writer of next) add(txn, writer, "rw");
      }
    }
    return edges;
  }

  /** How many findings of each type there are to be. */
  counts(): Record<string, number> {
    const { garbage, repeated, aborted, intermediate, future, internal } = this.#inReads();
    const counts: Record<string, number> = {
      "garbage-read": garbage,
      "duplicate-elements": repeated,
      "incompatible-order": this.#incompatible(),
      G1a: aborted,
      G1b: intermediate,
      "dirty-update": this.#dirtyUpdates(),
      "future-read": future,
      internal,
      "lost-update": this.#lostUpdates(),
      "G-cursor": this.#cursors(),
    };
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  #inReads() {
    const counts = { garbage: 0, repeated: 0, aborted: 0, intermediate: 0, future: 0, internal: 0 };
    for (const { txn, read, at } of this.reads()) {
      const writers = read.list.map((element) => this.writer(read.key, element));
      if (writers.includes(undefined)) counts.garbage += 1;
      if (new Set(read.list).size < read.list.length) counts.repeated += 1;
      if (writers.some((writer) => writer?.outcome === "fail")) counts.aborted += 1;
      const last = writers.at(-1);
      if (this.isPresent(last) && last !== txn) {
        if (appendsOf(last, read.key).at(-1) !== read.list.at(-1)) counts.intermediate += 1;
      }
      const before = txn.micros.slice(0, at).filter(({ key }) => key === read.key);
      const lastRead = before.findLastIndex(({ isAppend }) => !isAppend);
      const own = before.slice(lastRead + 1).map(({ element }) => element);
      const expected =
        lastRead === -1
          ? [...read.list.slice(0, Math.max(0, read.list.length - own.length)), ...own]
          : [...before[lastRead]!.list, ...own];
      if (String(expected) !== String(read.list)) counts.internal += 1;
    }
    for (const { micros } of this.ok) {
      counts.future += micros.filter(
        ({ isAppend, key, element }, at) =>
          isAppend &&
          micros.slice(0, at).some((read) => read.key === key && read.list.includes(element)),
      ).length;
    }
    return counts;
  }

  #incompatible(): number {
    let count = 0;
    for (const key of this.keys) {
      const lists = this.reads(key).map(({ read }) => read.list);
      const isPrefix = (a: number[], b: number[]) => a.every((element, i) => element === b[i]);
      const maximal = lists.filter(
        (list) => !lists.some((other) => other.length > list.length && isPrefix(list, other)),
      );
      count += Math.max(0, new Set(maximal.map(String)).size - 1);
      const known = this.known(key);
      count += this.present.filter((txn) => {
        const places = appendsOf(txn, key).map((e) => known.indexOf(e));
        const read = places.filter((place) => place >= 0);
        return read.some((place, i) => i > 0 && place < read[i - 1]!);
      }).length;
    }
    return count;
  }

  #dirtyUpdates(): number {
    let count = 0;
    for (const key of this.keys) {
      const outcomes = this.longest(key).map((e) => this.writer(key, e)?.outcome ?? "nobody");
      outcomes.forEach((outcome, from) => {
        const after = outcomes.slice(from + 1).find((next) => next !== "info");
        if (outcome === "fail" && after === "ok") count += 1;
      });
    }
    return count;
  }

  /** First reads of a key that the same transaction appends to later. */
  #updates(): { txn: Txn; key: string; reads: Micro[] }[] {
    return this.ok.flatMap((txn) =>
      this.keys.flatMap((key) => {
        const accesses = txn.micros.filter((micro) => micro.key === key);
        const append = accesses.findIndex(({ isAppend }) => isAppend);
        return append < 1 ? [] : [{ txn, key, reads: accesses.slice(0, append) }];
      }),
    );
  }

  #lostUpdates(): number {
    const versions = this.#updates().map(
      ({ key, reads }) => `${key} ${this.version(key, reads[0]!.list)}`,
    );
    return new Set(versions.filter((version, i) => versions.indexOf(version) !== i)).size;
  }

  /** Those that no order of the unread appends avoids: of several who want to be next, all but one. */
  #cursors(): number {
    return this.keys.reduce((sum, key) => sum + this.#cursorsOf(key), 0);
  }

  #cursorsOf(key: string): number {
    const free = this.unreadWriters(key);
    const known = this.known(key).map((element) => this.writer(key, element)!);
    let surely = 0;
    let claims = 0;
    for (const { txn, reads } of this.#updates().filter((update) => update.key === key)) {
      const versions = reads.map(({ list }) => this.version(key, list));
      const isOvertaken = versions.some((version) => {
        if (version < known.length) return known[version] !== txn;
        return free.length > 0 && !free.includes(txn);
      });
      if (isOvertaken) surely += 1;
      else if (versions.includes(known.length) && free.includes(txn)) claims += 1;
    }
    return surely + Math.max(0, claims - 1);
  }

  /** The reads that miss an effect of somebody whom the level makes known: transaction, place. */
  missing(level: "monotonic-atomic-view" | "read-atomic" | "causal"): string[] {
    return this.reads()
      .filter(({ txn, read, at }) => {
        const { key } = read;
        const list = this.foreign(txn, read);
        const author = list.length === 0 ? undefined : this.writer(key, list.at(-1)!);
        return this.#knownTo(level, txn, at).some(
          (other) =>
            other !== txn &&
            other !== author &&
            appendsOf(other, key).some((e) => {
              const place = this.known(key).indexOf(e);
              return place === -1 || place >= list.length;
            }),
        );
      })
      .map(({ txn, at }) => `${txn.id} ${at}`);
  }

  #knownTo(level: string, txn: Txn, at: number): Txn[] {
    const observed = (by: Txn, micros: readonly Micro[]) =>
      micros
        .flatMap(({ key, list }) => list.map((element) => this.writer(key, element)))
        .filter((writer): writer is Txn => this.isPresent(writer) && writer !== by);
    const first = level === "monotonic-atomic-view" ? txn.micros.slice(0, at) : txn.micros;
    const known = new Set(observed(txn, first));
    if (level === "causal") {
      for (const other of known) {
        if (other.outcome === "ok")
          for (const cause of observed(other, other.micros)) known.add(cause);
      }
    }
    return [...known];
  }
}

export function appendsOf({ micros }: Txn, key: string): number[] {
  return micros
    .filter((micro) => micro.isAppend && micro.key === key)
    .map(({ element }) => element);
}

export function hasCycle(edges: readonly (readonly [number, number, ...unknown[]])[]): boolean {
  let left = [...edges];
  for (;;) {
    const targets = new Set(left.map(([, to]) => to));
    const rest = left.filter(([from]) => targets.has(from));
    if (rest.length === left.length) return left.length > 0;
    left = rest;
  }
}
