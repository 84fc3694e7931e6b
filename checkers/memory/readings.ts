/**
 * From the columns of a history to its memory accesses, with all writes that each read may have read.
 *
 * Where written values are unique per key, every read has one candidate. A value that was written more
 * than once, or that is also the initial one, leaves a choice (choices.ts). A write later in the
 * reader's own session is no candidate where there is another: no model here lets a session read what
 * it has not written yet.
 */

import { type Columns, outcomes, PENDING } from "../../histories/columns.js";
import type { Json } from "../../src/base/json.js";
import {
  type Accesses,
  INITIAL,
  isRead,
  isWrite,
  kinds,
  NO_LOCATION,
  THIN_AIR,
} from "./accesses.js";
import { UNKNOWN_VALUE, Vocabulary } from "./vocabulary.js";
import { WritesByValue } from "./writes-by-value.js";

/** Every operation that may have happened, session by session, with what it may have read. */
export interface Readings extends Omit<Accesses, "group"> {
  /** 1 for writes and updates of unknown outcome: they count only where somebody read them. */
  readonly pending: Uint8Array;
  /** Of reads that may have read one of several; `source` has the first. */
  readonly choices: ReadonlyMap<number, readonly number[]>;
}

/**
 * O(n) on average, and the choices.
 * @throws EventError for operations that no memory model speaks of.
 */
export function readingsOf(columns: Columns, init: Json = null): Readings {
  const { key: keyIds, outcome, completed, process } = columns;
  const initial = columns.values.id(init);
  const order = sessionOrder(process, columns.size);
  const vocabulary = new Vocabulary(columns);
  const kind = new Uint8Array(columns.size);
  const key = new Int32Array(columns.size);
  const operation = new Int32Array(columns.size);
  const session = new Int32Array(columns.size);
  const read = new Int32Array(columns.size);
  const written = new Int32Array(columns.size);
  const pending = new Uint8Array(columns.size);
  const starts: number[] = [];
  const locations = new Map<number, number>();
  let size = 0;
  let last: number | undefined;
  for (const i of order) {
    const effect = vocabulary.effect(i);
    if (effect === undefined) continue;
    if (process[i] !== last) starts.push(size);
    last = process[i];
    kind[size] = effect.kind;
    key[size] = effect.kind === kinds.fence ? NO_LOCATION : place(locations, keyIds[i]!);
    read[size] = effect.read;
    written[size] = effect.written;
    operation[size] = i;
    session[size] = starts.length - 1;
    pending[size] = outcome[i] === outcomes.info ? 1 : 0;
    size += 1;
  }
  const cut = {
    size,
    sessions: starts.length,
    keys: locations.size,
    starts: Int32Array.from([...starts, size]),
    session: session.slice(0, size),
    kind: kind.slice(0, size),
    key: key.slice(0, size),
    operation: operation.slice(0, size),
    pending: pending.slice(0, size),
    completed: Int32Array.from(operation.subarray(0, size), (i, at) =>
      pending[at] === 1 ? PENDING : completed[i]!,
    ),
  };
  return { ...cut, ...sourcesOf(cut, read, written.slice(0, size), initial) };
}

function place(places: Map<number, number>, id: number): number {
  const known = places.get(id);
  if (known !== undefined) return known;
  places.set(id, places.size);
  return places.size - 1;
}

/** Places of the columns, process by process, each in its order. */
function sessionOrder(process: Float64Array, size: number): Int32Array {
  const sessions = new Map<number, number>();
  const sessionOf = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const known = sessions.get(process[i]!);
    sessionOf[i] = known ?? sessions.size;
    if (known === undefined) sessions.set(process[i]!, sessions.size);
  }
  const next = new Int32Array(sessions.size + 1);
  for (let i = 0; i < size; i++) next[sessionOf[i]! + 1]! += 1;
  for (let s = 0; s < sessions.size; s++) next[s + 1]! += next[s]!;
  const order = new Int32Array(size);
  for (let i = 0; i < size; i++) order[next[sessionOf[i]!]!++] = i;
  return order;
}

type Shape = Pick<Readings, "size" | "kind" | "key" | "session">;

function sourcesOf(
  shape: Shape,
  read: Int32Array,
  written: Int32Array,
  initial: number,
): Pick<Readings, "source" | "choices"> {
  const { size, kind, key } = shape;
  const writes = new WritesByValue(key.subarray(0, size), written, (a) => isWrite(kind[a]!));
  const choices = new Map<number, readonly number[]>();
  const source = new Int32Array(size).fill(INITIAL);
  for (let access = 0; access < size; access++) {
    if (!isRead(kind[access]!)) continue;
    const candidates = candidatesOf(shape, access, read[access]!, writes, initial);
    source[access] = candidates[0] ?? THIN_AIR;
    if (candidates.length > 1) choices.set(access, candidates);
  }
  return { source, choices };
}

function candidatesOf(
  shape: Shape,
  access: number,
  value: number,
  writes: WritesByValue,
  initial: number,
): number[] {
  const { key, session } = shape;
  const found: number[] = value === initial ? [INITIAL] : [];
  const own: number[] = [];
  if (value === UNKNOWN_VALUE) return anything(shape, access);
  for (let write = writes.first(key[access]!, value); write >= 0; write = writes.next(write)) {
    if (write < access || session[write] !== session[access]) found.push(write);
    else own.push(write);
  }
  // An update does not read itself where anything else will do.
  return found.length > 0 ? found : own.slice(0, 1);
}

/** A swap without an answer may have found whatever was there. */
function anything({ size, kind, key, session }: Shape, access: number): number[] {
  const found = [INITIAL];
  for (let write = 0; write < size; write++) {
    if (key[write] !== key[access] || !isWrite(kind[write]!)) continue;
    if (session[write] !== session[access] || write < access) found.push(write);
  }
  return found;
}
