/**
 * The open keys of a graph in flat arrays: versions numbered key by key, who wrote and who read
 * each, and from each transaction to the versions that it writes and reads. O(size).
 */

import type { DependencyGraph, OpenKey } from "../dependencies.js";

export interface OpenVersions {
  open: readonly OpenKey[];
  /** The versions of open key i: `start[i]` up to `start[i + 1]`. */
  start: Int32Array;
  /** By version: its place in `open`. */
  keyOf: Int32Array;
  writer: Int32Array;
  /** By version. */
  readers: Lists;
  /** By transaction: versions of open keys. */
  writes: Lists;
  reads: Lists;
}

/** List i is `items[start[i]]` up to `items[start[i + 1]]`. */
export interface Lists {
  start: Int32Array;
  items: Int32Array;
}

export function openVersions({ open, transactions }: DependencyGraph): OpenVersions {
  const start = new Int32Array(open.length + 1);
  open.forEach(({ writers }, i) => {
    start[i + 1] = start[i]! + writers.length;
  });
  const versions = start[open.length]!;
  const keyOf = new Int32Array(versions);
  const writer = new Int32Array(versions);
  const readersStart = new Int32Array(versions + 1);
  open.forEach(({ writers, readers }, i) => {
    keyOf.fill(i, start[i]!, start[i + 1]!);
    writer.set(writers, start[i]!);
    readers.forEach((list, place) => {
      readersStart[start[i]! + place + 1] = list.length;
    });
  });
  for (let v = 0; v < versions; v++) readersStart[v + 1]! += readersStart[v]!;
  const items = new Int32Array(readersStart[versions]!);
  open.forEach(({ readers }, i) => {
    readers.forEach((list, place) => {
      items.set(list, readersStart[start[i]! + place]!);
    });
  });
  const readers = { start: readersStart, items };
  const each = { start: Int32Array.from({ length: versions + 1 }, (_, v) => v), items: writer };
  return {
    ...{ open, start, keyOf, writer, readers },
    writes: transposed(each, transactions.size),
    reads: transposed(readers, transactions.size),
  };
}

/** From each item to the lists that have it. */
function transposed({ start, items }: Lists, size: number): Lists {
  const into = new Int32Array(size + 1);
  for (let i = 0; i < items.length; i++) into[items[i]! + 1]! += 1;
  for (let i = 0; i < size; i++) into[i + 1]! += into[i]!;
  const next = into.slice();
  const lists = new Int32Array(items.length);
  for (let list = 0; list + 1 < start.length; list++) {
    for (let i = start[list]!; i < start[list + 1]!; i++) lists[next[items[i]!]!++] = list;
  }
  return { start: into, items: lists };
}
