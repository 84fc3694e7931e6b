/**
 * Judges final reads of sets and counters by bookkeeping, straight from the definitions (Jepsen's
 * `set` and Maelstrom's counter workloads): the service may be eventually consistent, but once all
 * is quiet, a read must account for every add.
 *
 * - set      every acknowledged element is present, and every present element was added by an add
 *            that was acknowledged or is pending
 * - counter  the sum is that of all acknowledged deltas and of some subset of the pending ones
 *
 * Each key is accounted for by itself. Reads that are not final bind nobody here. Without an
 * acknowledged final read there is nothing to judge: "unknown".
 *
 * Exponential in the pending adds of a counter. Whether an element may be listed twice, and whether
 * two final reads may differ in pending adds, these definitions leave open.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { observedOperations, subsets } from "./linearizable-oracle.js";
import { contains } from "./sequential-object.js";

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
  const finals = operations.filter(
    ({ f, outcome, invoked }) => f === "read" && outcome === "ok" && events[invoked]!.final,
  );
  if (finals.length === 0) return "unknown";
  return finals.every(({ key, output }) => {
    const adds = operations.filter(
      (operation) => operation.f === "add" && isDeepStrictEqual(operation.key, key),
    );
    const added = (wanted: string) =>
      adds.filter(({ outcome }) => outcome === wanted).map(({ input }) => input);
    return isAccountedFor(output ?? null, { acknowledged: added("ok"), pending: added("info") });
  });
}

function sum(deltas: readonly Json[]): number {
  return deltas.reduce<number>((total, delta) => total + (delta as number), 0);
}
