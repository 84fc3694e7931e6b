/**
 * Judges final reads of sets and counters by bookkeeping, straight from the definitions (Jepsen's
 * `set` and Maelstrom's counter workloads): the service may be eventually consistent, but once all
 * is quiet, a read must account for every add.
 *
 * - set      every acknowledged element is present, and every present element was added by an add
 *            that was acknowledged or is pending
 * - counter  the sum is that of all acknowledged deltas and of some subset of the pending ones
 *
 * Every acknowledged final read must account for its key; reads that are not final bind nobody
 * here. Without any such read, or without one of a key that has something acknowledged to show,
 * the question stays open: "unknown", unless another read has answered it with false.
 *
 * Exponential in the pending adds of a counter. Whether an element may be listed twice, and whether
 * two final reads may differ in pending adds, these definitions leave open.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { type ObservedOperation, observedOperations, subsets } from "./observed-operations.js";
import { contains } from "./sequential/sequential-object.js";

interface Adds {
  acknowledged: Json[];
  pending: Json[];
}

export function accountsForSet(events: readonly HistoryEvent[]): boolean | "unknown" {
  return everyFinalRead(events, (read, { acknowledged, pending }) => {
    const present = read as Json[];
    return (
      acknowledged.every((element) => contains(present, element)) &&
      present.every((element) => contains([...acknowledged, ...pending], element))
    );
  });
}

export function accountsForCounter(events: readonly HistoryEvent[]): boolean | "unknown" {
  return everyFinalRead(events, (read, { acknowledged, pending }) =>
    subsets(pending).some((counted) => sum([...acknowledged, ...counted]) === read),
  );
}

function everyFinalRead(
  events: readonly HistoryEvent[],
  isAccountedFor: (read: Json, adds: Adds) => boolean,
): boolean | "unknown" {
  const operations = observedOperations(events);
  const isFinalRead = ({ f, outcome, invoked }: ObservedOperation) =>
    f === "read" && outcome === "ok" && events[invoked]!.final === true;
  const addsTo = (key: Json | undefined, wanted: string) =>
    operations
      .filter(({ f, outcome }) => f === "add" && outcome === wanted)
      .filter((add) => isDeepStrictEqual(add.key, key))
      .map(({ input }) => input);

  const reads = operations.filter(isFinalRead);
  const isSound = reads.every(({ key, output }) =>
    isAccountedFor(output ?? null, {
      acknowledged: addsTo(key, "ok"),
      pending: addsTo(key, "info"),
    }),
  );
  if (!isSound) return false;
  const isComplete = operations
    .filter(({ f, outcome }) => f === "add" && outcome === "ok")
    .every(({ key }) => reads.some((read) => isDeepStrictEqual(read.key, key)));
  return reads.length > 0 && isComplete ? true : "unknown";
}

function sum(deltas: readonly Json[]): number {
  return deltas.reduce<number>((total, delta) => total + (delta as number), 0);
}
