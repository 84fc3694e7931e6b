/**
 * Stamps that order all events: each exceeds those of its event's causes, and no two are alike.
 *
 * It is enough to look at an event's immediate causes: if each step upwards raises the stamp, so does
 * every path of steps. O(n log n) altogether.
 */

import { canonical } from "../../src/base/json.js";
import { show } from "../describe.js";
import type { Findings } from "../findings.js";
import type { StampedEvent, TotalStamp } from "./events.js";

export function judgeTotalOrder(
  events: readonly StampedEvent<TotalStamp>[],
  findings: Findings,
): void {
  const alike = new Map<string, StampedEvent<TotalStamp>[]>();
  for (const event of events) {
    for (const cause of event.causes) {
      if (compareStamps(event.stamp, cause.stamp) >= 0) continue;
      findings.add("effect-before-cause", () => ({
        message: `${told(event)} happened after ${told(cause)}, and has the lower stamp`,
        ops: [cause.recorded.index, event.recorded.index],
      }));
    }
    const name = canonical([...event.stamp]);
    const same = alike.get(name) ?? [];
    alike.set(name, same);
    reportTwins(event, same, findings);
    same.push(event);
  }
}

/** Of many alike, one of the same node and one of another say it. */
function reportTwins(
  event: StampedEvent<TotalStamp>,
  same: readonly StampedEvent<TotalStamp>[],
  findings: Findings,
): void {
  const own = same.find(({ node }) => node === event.node);
  const others = same.find(({ node }) => node !== event.node);
  if (own !== undefined) reportReuse(event, own, findings);
  if (others === undefined) return;
  findings.add("no-total-order", () => ({
    message: `${told(event)} and ${told(others)} have one stamp: neither comes first`,
    ops: [others.recorded.index, event.recorded.index],
  }));
}

export function reportReuse<Stamp>(
  event: StampedEvent<Stamp>,
  earlier: StampedEvent<Stamp>,
  findings: Findings,
): void {
  findings.add("timestamp-reuse", () => ({
    message: `${told(event)} has the stamp that ${told(earlier)} had`,
    ops: [earlier.recorded.index, event.recorded.index],
  }));
}

/** "event 4 of n1 (stamp [7,\"n1\"])" */
export function told<Stamp>({ node, place, recorded }: StampedEvent<Stamp>): string {
  const { value } = recorded;
  const stamp =
    typeof value === "object" && value !== null && "stamp" in value ? value["stamp"] : null;
  return `event ${place} of ${node} (stamp ${show(stamp)})`;
}

/** Part by part; a list that begins another one comes first. Numbers come before names. */
export function compareStamps(left: TotalStamp, right: TotalStamp): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? 0, right[i] ?? 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePart(left: number | string, right: number | string): number {
  if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
