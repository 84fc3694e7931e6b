/**
 * What is wrong with the values of a partition and their places, and with the values that were
 * polled at all: inconsistent-offsets, duplicate, G1a, garbage-read, precommitted-read, lost-write.
 * O(entries log entries).
 */

import { indexes, show } from "../describe.js";
import { type Case, placed, whose } from "./cases.js";
import { mustHaveCommitted, type Orders, type PartitionOrder } from "./orders.js";
import type { LogHistory, LogTransaction } from "./partitions.js";

export function placeCases(history: LogHistory, orders: Orders): Case[] {
  const cases: Case[] = [];
  for (const order of orders.values()) {
    inconsistentOffsets(order, cases);
    duplicates(order, cases);
    lostWrites(order, cases);
  }
  for (const transaction of history.transactions) pollCases(transaction, cases);
  return cases;
}

/** One offset, several values. */
function inconsistentOffsets({ partition, offsets, at }: PartitionOrder, cases: Case[]): void {
  at.forEach((sightings, index) => {
    if (sightings.length < 2) return;
    cases.push({
      type: "inconsistent-offsets",
      weight: sightings.length,
      tell: () => ({
        message: `offset ${offsets[index]} of key ${partition.name} holds ${sightings
          .slice(0, 4)
          .map(({ value, witness }) => `${show(partition.values[value])} for ${whose(witness)}`)
          .join(" and ")}`,
        ops: indexes(sightings.slice(0, 4).map(({ witness }) => witness.operation)),
      }),
    });
  });
}

/** One value, several offsets. */
function duplicates({ partition, offsets, at, first, last }: PartitionOrder, cases: Case[]): void {
  for (const [value, from] of first) {
    const to = last.get(value)!;
    if (from === to) continue;
    cases.push({
      type: "duplicate",
      weight: to - from,
      tell: () => {
        const sighted = (index: number) => at[index]!.find((sighting) => sighting.value === value)!;
        const [early, late] = [sighted(from).witness, sighted(to).witness];
        return {
          message: `${show(partition.values[value])} of key ${partition.name} is at offset ${offsets[from]} for ${whose(early)} and at offset ${offsets[to]} for ${whose(late)}`,
          ops: indexes([early.operation, late.operation]),
        };
      },
    });
  }
}

/**
 * Somebody read up to some index; what must have been committed and has its last place at or below
 * it was read by somebody, too. First places set the bound, last places decide: a value at two
 * offsets may be met at either.
 */
function lostWrites({ partition, offsets, first, last }: PartitionOrder, cases: Case[]): void {
  let bound = -1;
  let furthest = -1;
  for (const [value, index] of first) {
    if (partition.readers[value] === undefined || index <= bound) continue;
    bound = index;
    furthest = value;
  }
  if (bound < 0) return;
  for (const [value, index] of last) {
    const writer = partition.writers[value];
    if (index > bound || partition.readers[value] !== undefined) continue;
    if (writer === undefined || !mustHaveCommitted(writer)) continue;
    const reader = partition.readers[furthest]!;
    cases.push({
      type: "lost-write",
      weight: bound - index,
      tell: () => ({
        message: `nobody polled ${show(partition.values[value])} of key ${partition.name}, which ${whose(writer)} sent to offset ${offsets[index]}, though ${whose(reader)} polled ${show(partition.values[furthest])} beyond it`,
        ops: indexes([writer.operation, reader.operation]),
      }),
    });
  }
}

/** What a poll returned that it may not. */
function pollCases(transaction: LogTransaction, cases: Case[]): void {
  const { operation, polls, malformed } = transaction;
  for (const value of malformed) {
    cases.push({
      type: "invalid-poll",
      weight: 0,
      tell: () => ({
        message: `${whose(transaction)} polled ${show(value)}, which is no [offset, value]`,
        ops: [operation.invoked],
      }),
    });
  }
  for (const entry of polls) {
    const writer = entry.partition.writers[entry.value];
    if (writer === transaction) {
      cases.push({
        type: "precommitted-read",
        weight: 0,
        tell: () => ({
          message: `${whose(transaction)} polled ${placed(entry)}, which it sent in the same transaction`,
          ops: [operation.invoked],
        }),
      });
    }
    if (operation.outcome !== "ok") continue;
    if (writer === undefined) {
      cases.push({
        type: "garbage-read",
        weight: 0,
        tell: () => ({
          message: `${whose(transaction)} polled ${placed(entry)}, which nobody sent`,
          ops: [operation.invoked],
        }),
      });
    } else if (writer.operation.outcome === "fail") {
      cases.push({
        type: "G1a",
        weight: 0,
        tell: () => ({
          message: `${whose(transaction)} polled ${placed(entry)}, though its send by ${whose(writer)} had failed`,
          ops: indexes([writer.operation, operation]),
        }),
      });
    }
  }
}
