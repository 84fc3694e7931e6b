/**
 * Where the linearization points of an order are drawn: each within its operation, one after the
 * other. A point comes after every invocation of the operations up to it; several between the same
 * two events share the room between them. O(operations + events).
 */

import type { Operation } from "../../../../histories/history.js";
import type { Layout } from "../../../explain/layout.js";

export interface Point {
  operation: Operation;
  /** From 1, in the order. */
  number: number;
  place: number;
}

/** `order` respects real time; operations that the layout does not hold have no point. */
export function placePoints(
  order: readonly Operation[],
  { events }: Pick<Layout<Operation>, "events">,
): Point[] {
  const indexOf = new Map(events.map(({ position }, index) => [position, index]));
  const between: Point[][] = events.map(() => []);
  let latest = 0;
  for (const [at, operation] of order.entries()) {
    const index = indexOf.get(operation.invoked);
    if (index === undefined) continue;
    latest = Math.max(latest, index);
    between[latest]!.push({ operation, number: at + 1, place: 0 });
  }
  return between.flatMap((points, index) => {
    const { place } = events[index]!;
    const room = (events[index + 1]?.place ?? place + 24) - place;
    return points.map((point, i) => ({
      ...point,
      place: place + ((i + 1) * room) / (points.length + 1),
    }));
  });
}
