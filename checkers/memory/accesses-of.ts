/** Readings with every choice made, as accesses; and readings of a part of a history. */

import { type Accesses, isRead } from "./accesses.js";
import type { Readings } from "./readings.js";

/**
 * The accesses under one choice of sources: pending writes that nobody read are left out, and so is
 * what only they had read. O(n).
 */
export function accessesOf(readings: Readings, sources: Int32Array = readings.source): Accesses {
  if (!readings.pending.includes(1)) return { ...shapeOf(readings), source: sources };
  return cut(readings, sources, keptOf(readings, sources));
}

function shapeOf(readings: Readings): Omit<Accesses, "source"> {
  const { size, sessions, keys, starts, session, kind, key, completed, operation } = readings;
  return { size, sessions, keys, starts, session, kind, key, completed, operation };
}

/** Readings of the accesses that are marked; what a read may have read must be marked with it. O(n). */
export function restrict(readings: Readings, kept: Uint8Array): Readings {
  const part = cut(readings, readings.source, kept);
  const places = placesOf(readings, kept);
  const choices = new Map<number, readonly number[]>();
  for (const [read, candidates] of readings.choices) {
    if (kept[read] === 1)
      choices.set(
        places[read]!,
        candidates.map((it) => moved(places, it)),
      );
  }
  const pending = readings.pending.filter((_, access) => kept[access] === 1);
  return { ...part, pending, choices };
}

function keptOf({ size, kind, pending }: Readings, sources: Int32Array): Uint8Array {
  const kept = new Uint8Array(size);
  const queue: number[] = [];
  const keep = (access: number): void => {
    if (access < 0 || kept[access] === 1) return;
    kept[access] = 1;
    if (isRead(kind[access]!) && sources[access]! >= 0) queue.push(sources[access]!);
  };
  for (let access = 0; access < size; access++) if (pending[access] === 0) keep(access);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) keep(next);
  return kept;
}

function placesOf({ size }: Readings, kept: Uint8Array): Int32Array {
  const places = new Int32Array(size);
  let count = 0;
  for (let access = 0; access < size; access++) places[access] = kept[access] === 1 ? count++ : -1;
  return places;
}

function moved(places: Int32Array, source: number): number {
  return source < 0 ? source : places[source]!;
}

function cut(readings: Readings, sources: Int32Array, kept: Uint8Array): Accesses {
  const { size, kind, key, session, completed, operation } = readings;
  const places = placesOf(readings, kept);
  let count = 0;
  for (let access = 0; access < size; access++) count += kept[access]!;
  const part = {
    kind: new Uint8Array(count),
    key: new Int32Array(count),
    session: new Int32Array(count),
    source: new Int32Array(count),
    completed: new Int32Array(count),
    operation: new Int32Array(count),
  };
  const starts: number[] = [];
  const keys = new Map<number, number>();
  let last = -1;
  for (let access = 0; access < size; access++) {
    if (kept[access] !== 1) continue;
    const at = places[access]!;
    if (session[access] !== last) starts.push(at);
    last = session[access]!;
    part.kind[at] = kind[access]!;
    part.session[at] = starts.length - 1;
    part.key[at] = key[access]! < 0 ? key[access]! : dense(keys, key[access]!);
    part.source[at] = moved(places, sources[access]!);
    part.completed[at] = completed[access]!;
    part.operation[at] = operation[access]!;
  }
  starts.push(count);
  return {
    size: count,
    sessions: starts.length - 1,
    keys: keys.size,
    starts: Int32Array.from(starts),
    ...part,
  };
}

function dense(keys: Map<number, number>, key: number): number {
  const known = keys.get(key);
  if (known !== undefined) return known;
  keys.set(key, keys.size);
  return keys.size - 1;
}
