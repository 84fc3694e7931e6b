/**
 * Staleness by trying everything: every order of every subset of the pending operations that respects
 * real time, and every shift of the reads. For a handful of operations on one register.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import { isLinearizableAs } from "../oracle/linearizable-oracle.js";
import { type ObservedOperation, observedOperations } from "../oracle/observed-operations.js";
import { sequentialObjects } from "../oracle/sequential/index.js";

export interface Found {
  /** Infinity when no order lets every read find its value. */
  k: number;
  /** Per acknowledged read, by its invocation: the fewest writes between it and its value, over all orders. */
  missed: Map<number, number>;
}

/** The initial value is null, and counts as a write. */
export function leastStaleness(events: readonly HistoryEvent[]): Found {
  const operations = observedOperations(events).filter(
    ({ f, outcome }) => outcome === "ok" || (outcome === "info" && f === "write"),
  );
  const found: Found = { k: Number.POSITIVE_INFINITY, missed: new Map() };
  const distances: [number, number][] = [];
  const written: unknown[] = [null];
  const left = new Set(operations);
  const extend = (): void => {
    if ([...left].every(({ outcome }) => outcome === "info")) record(found, distances);
    for (const next of [...left]) {
      if ([...left].some((other) => other.completed < next.invoked)) continue;
      left.delete(next);
      if (next.f === "write") {
        written.push(next.input);
        extend();
        written.pop();
      } else {
        const at = written.lastIndexOf(next.output);
        if (at !== -1) {
          distances.push([next.invoked, written.length - 1 - at]);
          extend();
          distances.pop();
        }
      }
      left.add(next);
    }
  };
  extend();
  return found;
}

function record(found: Found, distances: readonly [number, number][]): void {
  found.k = Math.min(found.k, 1 + Math.max(0, ...distances.map(([, distance]) => distance)));
  for (const [read, distance] of distances) {
    found.missed.set(read, Math.min(distance, found.missed.get(read) ?? distance));
  }
}

/** The smallest Delta in nanoseconds; Infinity when none up to the length of the history is enough. */
export function leastDelta(events: readonly HistoryEvent[]): number {
  const operations = observedOperations(events);
  const length = (events.at(-1)?.time ?? 0) + 1;
  for (let delta = 0; delta <= length; delta++) {
    const isBefore = (earlier: ObservedOperation, later: ObservedOperation): boolean => {
      if (delta === 0 || later.f === "write") return earlier.completed < later.invoked;
      if (earlier.completed === Number.POSITIVE_INFINITY) return false;
      return events[earlier.completed]!.time < events[later.invoked]!.time - delta;
    };
    if (isLinearizableAs(sequentialObjects.register, operations, null, isBefore)) return delta;
  }
  return Number.POSITIVE_INFINITY;
}
