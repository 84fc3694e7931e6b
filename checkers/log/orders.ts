/**
 * The order of a partition's values, as sends and polls show it: what is at each offset, and the
 * offsets without the holes that aborted transactions and markers leave.
 *
 * Counted are the sends of transactions that must have committed (ok, or of unknown outcome and seen
 * by an ok poll) and all polls. O(entries log entries).
 */

import type { Entry, LogHistory, LogTransaction, Partition } from "./partitions.js";

/** A value at an offset, and the first operation that said so. */
export interface Sighting {
  value: number;
  witness: LogTransaction;
}

export class PartitionOrder {
  /** Ascending. */
  readonly offsets: readonly number[];
  /** By index: the values seen there, in the order in which they were; more than one is an error. */
  readonly at: readonly (readonly Sighting[])[];
  /** By value: its first and its last index. */
  readonly first = new Map<number, number>();
  readonly last = new Map<number, number>();
  readonly #indexes = new Map<number, number>();

  constructor(
    readonly partition: Partition,
    log: ReadonlyMap<number, readonly Sighting[]>,
  ) {
    this.offsets = [...log.keys()].sort((a, b) => a - b);
    this.at = this.offsets.map((offset) => log.get(offset)!);
    this.offsets.forEach((offset, index) => {
      this.#indexes.set(offset, index);
      for (const { value } of log.get(offset)!) {
        if (!this.first.has(value)) this.first.set(value, index);
        this.last.set(value, index);
      }
    });
  }

  /** Where an entry stands: at its own offset, or else where its value is, if that is one place. */
  indexOf({ offset, value }: Entry): number | undefined {
    const index = offset === undefined ? undefined : this.#indexes.get(offset);
    if (index !== undefined) return index;
    const first = this.first.get(value);
    return first === this.last.get(value) ? first : undefined;
  }

  /** The lowest index whose offset is above the given one. */
  indexAbove(offset: number): number {
    let low = 0;
    let high = this.offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export type Orders = ReadonlyMap<Partition, PartitionOrder>;

export function ordersOf({ partitions, transactions }: LogHistory): Orders {
  const logs = new Map<Partition, Map<number, Sighting[]>>();
  for (const partition of partitions) logs.set(partition, new Map());
  for (const transaction of transactions) {
    if (mustHaveCommitted(transaction)) record(logs, transaction.sends, transaction);
    record(logs, transaction.polls, transaction);
  }
  return new Map(
    [...logs].map(([partition, log]) => [partition, new PartitionOrder(partition, log)]),
  );
}

/** An ok transaction, or one of unknown outcome of which an ok one polled something. */
export function mustHaveCommitted({ operation, sends }: LogTransaction): boolean {
  if (operation.outcome !== "info") return operation.outcome === "ok";
  return sends.some(({ partition, value }) => partition.readers[value] !== undefined);
}

function record(
  logs: ReadonlyMap<Partition, Map<number, Sighting[]>>,
  entries: readonly Entry[],
  witness: LogTransaction,
): void {
  for (const { partition, offset, value } of entries) {
    if (offset === undefined) continue;
    const log = logs.get(partition)!;
    const sightings = log.get(offset);
    if (sightings === undefined) log.set(offset, [{ value, witness }]);
    else if (sightings.every((sighting) => sighting.value !== value)) {
      sightings.push({ value, witness });
    }
  }
}
