/** What columns and a history of objects must agree on, and texts cut into pieces. */

import fc from "fast-check";
import { type Columns, operationAt } from "../../histories/columns.js";
import type { History, HistoryEvent, Operation } from "../../histories/history.js";
import { UsageError } from "../../src/base/errors.js";

/** What columns keep of a history; numbers as JSON writes them, without -0. */
export function told({ operations, events, observations }: History) {
  const kept = operations.map(({ error: _, ...operation }): Operation => operation);
  return {
    operations: JSON.parse(text(kept)) as unknown,
    observations: JSON.parse(text(observations)) as unknown,
    eventCount: events.length,
  };
}

export function toldBy(columns: Columns) {
  const operations = Array.from({ length: columns.size }, (_, i) => operationAt(columns, i));
  return {
    operations: JSON.parse(text(operations)) as unknown,
    observations: JSON.parse(text(columns.observations ?? [])) as unknown,
    eventCount: columns.eventCount,
  };
}

/** Infinity would be lost; keys of objects in one order. */
function text(list: readonly (Operation | HistoryEvent)[]): string {
  return JSON.stringify(list, (_, value: unknown) =>
    value === Infinity ? "never" : sorted(value),
  );
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is read, or the message with which it is refused. */
export function outcomeOf<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** Events with no field that keeps a quick reader from taking them. */
export function plain(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map(({ index, time, process, type, f, key, value }) => {
    return { index, time, process, type, f, ...(key === undefined ? {} : { key }), value };
  });
}

/** Where to cut a text, in thousandths of its length. */
export const cuts = fc.array(fc.nat(1000), { maxLength: 8 });

export function pieces(whole: string, places: readonly number[]): string[] {
  const offsets = places.map((place) => Math.floor((place * whole.length) / 1000));
  const borders = [0, ...offsets.sort((a, b) => a - b), whole.length];
  return borders.slice(1).map((end, i) => whole.slice(borders[i], end));
}
