/**
 * All ways to say where values came from: per read or update the write or update of the same key and
 * value, not itself, or the start. An update whose answer was lost may have found anything. For models
 * that speak of causes; a read that has no source at all is read from thin air.
 */

import { type Access, completions, isRead, isWrite, type Value } from "./accesses.js";

/** The value that a key starts with. */
export const INITIAL = -1;

export interface Explanation {
  /** Those that happened. */
  accesses: readonly Access[];
  /** Of reads and updates: the place of the source in `accesses`, or INITIAL. INITIAL of others. */
  sources: readonly number[];
}

/** None where something was read from thin air. */
export function explanationsOf(accesses: readonly Access[], init: Value): Explanation[] {
  return [...completions(accesses)].flatMap((kept) => {
    const candidates = kept.map((access) =>
      isRead(access) ? sourcesOf(access, kept, init) : [INITIAL],
    );
    return [...choices(candidates)].map((sources) => ({ accesses: kept, sources }));
  });
}

function sourcesOf(read: Access, accesses: readonly Access[], init: Value): number[] {
  const isSource = (write: Access) =>
    write !== read &&
    isWrite(write) &&
    write.key === read.key &&
    (read.found === undefined || write.left === read.found);
  const writes = accesses.flatMap((write, at) => (isSource(write) ? [at] : []));
  return read.found === undefined || read.found === init ? [INITIAL, ...writes] : writes;
}

function* choices(candidates: readonly (readonly number[])[]): Generator<number[]> {
  const [first, ...rest] = candidates;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const others of choices(rest)) for (const one of first) yield [one, ...others];
}
