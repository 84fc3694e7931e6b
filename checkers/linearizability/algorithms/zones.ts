/**
 * Zones (Gibbons & Korach, "Testing shared memories", SIAM J. Comput. 1997): when a register had to
 * hold, or could have held, what a group of operations needs.
 *
 * The operations of a group take effect without any other group in between: a write and the reads
 * of its value, or a chain of compare-and-sets. With `first` its earliest return and `last` its
 * latest invocation, group A can come before group B iff last(A) < first(B). Two groups that can go
 * in neither order are in conflict; as every operation is an interval, pairs are all there is to
 * check. If first < last the zone [first, last] is *forward*: the group is there throughout.
 * Otherwise [last, first] is *backward*: one moment of it is enough. So a conflict is
 * two forward zones that overlap, or a backward zone inside a forward one. O(n), without sorting:
 * zones are met in order of `last`, which is an invocation.
 */

import { PENDING } from "../../../histories/columns.js";
import type { ObjectView } from "../view.js";
import { NONE } from "./reads-from.js";

/** A zone's number is that of an operation of its group; `view.size` for the group of the start. */
export interface Zones {
  /** Per operation, the zone whose latest invocation it is; NONE for any other. */
  endingAt: Int32Array;
  /** Per zone, the position of its earliest return: -1 for the start, PENDING when nothing returned. */
  first: Int32Array;
}

/** `endingAt` is still empty; nothing but the start has returned. */
export function emptyZones({ size }: ObjectView): Zones {
  const first = new Int32Array(size + 1).fill(PENDING);
  first[size] = -1;
  return { endingAt: new Int32Array(size).fill(NONE), first };
}

/** Two zones that can go in neither order; undefined when there are none. */
export function findConflict(
  { size, invoked }: ObjectView,
  { endingAt, first }: Zones,
): [number, number] | undefined {
  let forward = NONE;
  let forwardFirst = PENDING;
  let forwardLast = PENDING;
  // Backwards, so that the forward zone which may hold a moment is the one met last.
  for (let i = size - 1; i >= 0; i--) {
    const zone = endingAt[i]!;
    if (zone === NONE) continue;
    const zoneFirst = first[zone]!;
    const zoneLast = invoked[i]!;
    if (zoneLast > forwardFirst && zoneFirst < forwardLast) return [zone, forward];
    if (zoneFirst > zoneLast) continue;
    forward = zone;
    forwardFirst = zoneFirst;
    forwardLast = zoneLast;
  }
  return undefined;
}

/**
 * The zones in an order in which their groups can take effect, if no two are in conflict; without
 * those of which nothing returned. A backward zone goes where it ends its invocations, or, when a
 * forward zone is there, right behind that.
 */
export function orderZones({ size, invoked }: ObjectView, { endingAt, first }: Zones): Int32Array {
  const order = new Int32Array(size + 1);
  let placed = 0;
  // A queue of the operations at which backward zones end.
  const waiting = new Int32Array(size);
  let waitingFrom = 0;
  let waitingTo = 0;
  const place = (until: number): void => {
    while (waitingFrom < waitingTo && invoked[waiting[waitingFrom]!]! < until) {
      order[placed++] = endingAt[waiting[waitingFrom++]!]!;
    }
  };
  for (let i = 0; i < size; i++) {
    const zone = endingAt[i]!;
    if (zone === NONE || first[zone] === PENDING) continue;
    if (first[zone]! > invoked[i]!) {
      waiting[waitingTo++] = i;
      continue;
    }
    place(first[zone]!);
    order[placed++] = zone;
    place(invoked[i]!);
  }
  place(PENDING);
  return order.subarray(0, placed);
}
