/**
 * PRAM, slow memory and processor consistency by all views: per session an order of its own accesses
 * and everybody's writes, in which its reads return the latest write (Lipton and Sandberg 1988; Hutto
 * and Ahamad 1990; Goodman's in the form of Ahamad, Bazzi, John, Kohli and Neiger 1993). By values.
 */

import {
  type Access,
  completions,
  isSessionOrdered,
  isWrite,
  keyCount,
  type Value,
} from "./accesses.js";
import { allOrders, type Element, hasOrder, some } from "./orders.js";

export function isPram(accesses: readonly Access[], init: Value): boolean {
  return some(completions(accesses), (kept) => isPramOf(kept, init, () => false));
}

export function isSlow(accesses: readonly Access[], init: Value): boolean {
  const keys = Array.from({ length: keyCount(accesses) }, (_, key) => key);
  return keys.every((key) =>
    isPram(
      accesses.filter((access) => access.key === key),
      init,
    ),
  );
}

/** All choices of one order of the writes per key, then all views that keep it. */
export function isProcessor(accesses: readonly Access[], init: Value): boolean {
  return some(completions(accesses), (kept) => {
    if (!isPramOf(kept, init, () => false)) return false;
    return some(keyOrders(kept), (rank) =>
      isPramOf(
        kept,
        init,
        (first, second) => first.key === second.key && rank.get(first)! < rank.get(second)!,
      ),
    );
  });
}

/** `isBefore` adds to the order that the sessions give to writes. */
function isPramOf(
  accesses: readonly Access[],
  init: Value,
  isBefore: (first: Access, second: Access) => boolean,
): boolean {
  const sessions = new Set(accesses.map(({ session }) => session));
  return [...sessions].every((session) => {
    const seen = accesses.filter((access) => access.session === session || isWrite(access));
    const elements = seen.map((access): Element => {
      const after = seen.reduce((mask, other, at) => {
        const isOrdered =
          isSessionOrdered(other, access) ||
          (isWrite(other) && isWrite(access) && isBefore(other, access));
        return isOrdered ? mask | (1 << at) : mask;
      }, 0);
      const asks = access.session === session ? access.found : undefined;
      return {
        after,
        ...(access.kind === "fence" ? {} : { key: access.key }),
        ...(asks === undefined ? {} : { asks }),
        ...(access.left === undefined ? {} : { leaves: access.left }),
      };
    });
    return hasOrder(elements, keyCount(accesses), init);
  });
}

/** Every combination of orders, one per key, that keep the sessions': as the rank of each write. */
function* keyOrders(accesses: readonly Access[]): Generator<Map<Access, number>> {
  const rank = new Map<Access, number>();
  function* ofKey(key: number): Generator<Map<Access, number>> {
    if (key === keyCount(accesses)) {
      yield rank;
      return;
    }
    const writes = accesses.filter((access) => isWrite(access) && access.key === key);
    const after = writes.map((write) =>
      writes.reduce(
        (mask, other, at) => (isSessionOrdered(other, write) ? mask | (1 << at) : mask),
        0,
      ),
    );
    for (const order of allOrders(after)) {
      for (const [place, at] of order.entries()) rank.set(writes[at]!, place);
      yield* ofKey(key + 1);
    }
  }
  yield* ofKey(0);
}
