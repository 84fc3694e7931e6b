/** What columns and a history of objects must agree on, and texts cut into pieces. */

import fc from "fast-check";
import { type Columns, operationAt } from "../../histories/columns.js";
import type { History, HistoryEvent, Operation } from "../../histories/history.js";
import { readEnd, Truncated } from "../../histories/truncated.js";
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

/**
 * Reads line i of a text carefully: one that is evidently cut is so before blank lines, too, and any
 * one where nothing comes after it.
 */
export function readLineOf<T>(lines: readonly string[], i: number, read: () => T): T {
  const after = lines.slice(i + 1);
  let result: T;
  const take = (): void => {
    try {
      result = read();
    } catch (error) {
      const isCut = error instanceof Truncated && (after.length === 0 || error.isEvident);
      if (!(error instanceof UsageError) || isCut) throw error;
      throw new UsageError(error.message);
    }
  };
  if (after.every((line) => line.trim() === "")) readEnd(take, {});
  else take();
  return result!;
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
