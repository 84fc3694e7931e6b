/** The definition of session guarantees by arbitration, tried order by order and set by set. */

import {
  type Accesses,
  isRead,
  isWrite,
  type KeyOrders,
  THIN_AIR,
} from "../../../../checkers/memory/accesses.js";
import type { Guarantee } from "../../../../checkers/memory/sessions/index.js";

/** The order extends the claimed orders of the writes of each key, where they are given. */
export function isArbitrated(
  accesses: Accesses,
  set: readonly Guarantee[],
  claimed: KeyOrders = [],
): boolean {
  const { kind, key, source, session, size } = accesses;
  if (source.includes(THIN_AIR)) return false;
  const all = Array.from({ length: size }, (_, a) => a);
  const writes = all.filter((a) => isWrite(kind[a]!));
  const reads = all.filter((a) => isRead(kind[a]!));
  const has = (guarantee: Guarantee) => set.includes(guarantee);
  const isEarlier = (a: number, b: number) => session[a] === session[b] && a < b;
  /** An update reads, then writes. */
  const isReadBefore = (r: number, w: number) => session[r] === session[w] && r <= w;

  function* orders(rest: readonly number[]): Generator<number[]> {
    if (rest.length === 0) yield [];
    for (const first of rest) {
      const isKept = rest.some(
        (other) =>
          isEarlier(other, first) && (key[other] === key[first] || has("monotonic-writes")),
      );
      if (isKept) continue;
      for (const later of orders(rest.filter((w) => w !== first))) yield [first, ...later];
    }
  }

  const isSeen = new Map<number, Set<number>>();
  const fits = (order: readonly number[], read: number, seen: ReadonlySet<number>): boolean => {
    const last = order.filter((w) => seen.has(w) && key[w] === key[read]).at(-1) ?? -1;
    if (last !== source[read]) return false;
    for (const w of writes) {
      if (isReadBefore(read, w) && seen.has(w)) return false;
      if (has("read-your-writes") && isEarlier(w, read) && !seen.has(w)) return false;
      if (
        has("monotonic-writes") &&
        seen.has(w) &&
        writes.some((v) => isEarlier(v, w) && !seen.has(v))
      )
        return false;
      if (
        has("writes-follow-reads") &&
        isReadBefore(read, w) &&
        [...seen].some((v) => v === w || order.indexOf(v) > order.indexOf(w))
      )
        return false;
    }
    for (const [other, sight] of [...isSeen, [read, seen] as const]) {
      if (has("monotonic-reads") && isEarlier(other, read) && [...sight].some((w) => !seen.has(w)))
        return false;
      if (!has("writes-follow-reads")) continue;
      const isBrought = (from: number, what: ReadonlySet<number>, by: ReadonlySet<number>) =>
        writes.every(
          (w) => !isReadBefore(from, w) || !by.has(w) || [...what].every((v) => by.has(v)),
        );
      if (!isBrought(other, sight, seen) || !isBrought(read, seen, sight)) return false;
    }
    return true;
  };
  const see = (order: readonly number[], at: number): boolean => {
    const read = reads[at];
    if (read === undefined) return true;
    for (let choice = 0; choice < 1 << writes.length; choice++) {
      const seen = new Set(writes.filter((_, bit) => (choice & (1 << bit)) !== 0));
      if (!fits(order, read, seen)) continue;
      isSeen.set(read, seen);
      const isDone = see(order, at + 1);
      isSeen.delete(read);
      if (isDone) return true;
    }
    return false;
  };
  for (const order of orders(writes)) {
    const follows = claimed.every((claim) =>
      claim.every((w, at) => at === 0 || order.indexOf(claim[at - 1]!) < order.indexOf(w)),
    );
    if (follows && see(order, 0)) return true;
  }
  return false;
}
