/**
 * "Each of these readers before each of these writers but itself" in as many edges as there are
 * readers and writers, up to a logarithm: virtual nodes stand between them. Transactions that both
 * read and write are told apart by the bits of their places: of two of them some bit differs, and
 * for each bit and each of its values one node takes those that have it to those that do not.
 */

import { edgeKinds, type GraphBuilder, VIA } from "../dependencies.js";

/** Up to so many pairs are linked one by one. */
const DIRECT_MAX = 16;

/** Micro-operations: reads, and writes, at most one of each in a transaction. */
export interface Bundle {
  readers: readonly number[];
  writers: readonly number[];
}

export function addBundle(
  builder: GraphBuilder,
  transactionOf: Int32Array,
  { readers, writers }: Bundle,
): void {
  if (readers.length * writers.length <= DIRECT_MAX || writers.length === 1) {
    for (const read of readers) {
      for (const write of writers)
        builder.add(transactionOf[read]!, transactionOf[write]!, edgeKinds.rw, read);
    }
    return;
  }
  const writeOf = new Map(writers.map((write) => [transactionOf[write]!, write]));
  const both: [read: number, write: number][] = [];
  const onlyRead: number[] = [];
  for (const read of readers) {
    const write = writeOf.get(transactionOf[read]!);
    if (write === undefined) onlyRead.push(read);
    else both.push([read, write]);
  }
  const readsToo = new Set(both.map(([, write]) => write));
  const link = (from: readonly number[], to: readonly number[]) => {
    if (from.length === 0 || to.length === 0) return;
    const node = builder.virtual();
    for (const read of from) builder.add(transactionOf[read]!, node, edgeKinds.rw, read);
    for (const write of to) builder.add(node, transactionOf[write]!, VIA, write);
  };
  link(onlyRead, writers);
  link(
    both.map(([read]) => read),
    writers.filter((write) => !readsToo.has(write)),
  );
  for (let bit = 1; bit < both.length; bit *= 2) {
    const low = both.filter((_, place) => (place & bit) === 0);
    const high = both.filter((_, place) => (place & bit) !== 0);
    for (const [from, to] of [
      [low, high],
      [high, low],
    ] as const) {
      link(
        from.map(([read]) => read),
        to.map(([, write]) => write),
      );
    }
  }
}
