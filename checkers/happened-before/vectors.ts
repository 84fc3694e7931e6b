/**
 * Vector stamps, which say exactly what happened before what: one event's stamp is below another's iff
 * it happened before the other (Fidge 1988, Mattern 1989).
 *
 * Where a node's stamps only grow, those below a given stamp are the first so many of them, and so are
 * the events that happened before a given event: two numbers to compare for each event and node, the
 * first by bisection. O(events x nodes² x log events); a node whose stamps do not grow is looked through.
 */

import { canonical } from "../../src/base/json.js";
import type { Findings } from "../findings.js";
import { pastCount, type StampedEvent, type VectorStamp } from "./events.js";
import { reportReuse, told } from "./total-order.js";

type Event = StampedEvent<VectorStamp>;

export function judgeVectors(
  events: readonly Event[],
  chains: ReadonlyMap<string, readonly Event[]>,
  findings: Findings,
): void {
  const alike = new Map<string, Event>();
  for (const event of events) {
    const name = canonical(withoutZeros(event.stamp));
    const earlier = alike.get(name);
    if (earlier === undefined) alike.set(name, event);
    else reportReuse(event, earlier, findings);
  }
  for (const [node, chain] of chains) {
    const grows = chain.every(({ stamp }, i) => i === 0 || isBelow(chain[i - 1]!.stamp, stamp));
    for (const event of events) {
      const truly = pastCount(event as StampedEvent, node);
      if (grows) compareCounts(chain, event, truly, findings);
      else compareEach(chain, event, truly, findings);
    }
  }
}

/** Both the stamps below and the events before are beginnings of the chain: their ends tell it all. */
function compareCounts(
  chain: readonly Event[],
  event: Event,
  truly: number,
  findings: Findings,
): void {
  const claimed = countBelow(chain, event.stamp);
  if (claimed > truly) reportExtra(chain[truly]!, event, findings);
  if (claimed >= truly) return;
  reportMissing(chain[claimed]!, event, findings);
  if (truly - 1 > claimed) reportMissing(chain[truly - 1]!, event, findings);
}

function compareEach(
  chain: readonly Event[],
  event: Event,
  truly: number,
  findings: Findings,
): void {
  for (const [i, other] of chain.entries()) {
    const claimed = isBelow(other.stamp, event.stamp);
    if (i < truly && !claimed) reportMissing(other, event, findings);
    if (i >= truly && claimed) reportExtra(other, event, findings);
  }
}

/** The cause is not below its effect. Where both have one stamp, that has been said. */
function reportMissing(cause: Event, effect: Event, findings: Findings): void {
  const ops = [cause.recorded.index, effect.recorded.index];
  const sentence = `${told(effect)} happened after ${told(cause)}`;
  if (isBelow(effect.stamp, cause.stamp)) {
    const message = `${sentence}, and has the lower stamp`;
    findings.add("effect-before-cause", () => ({ message, ops }));
  } else if (!isAtMost(cause.stamp, effect.stamp)) {
    const message = `${sentence}, and their stamps say that neither came first`;
    findings.add("false-concurrency", () => ({ message, ops }));
  }
}

/** The one is below the other, and did not happen before it; the reverse is told as an effect's. */
function reportExtra(lower: Event, higher: Event, findings: Findings): void {
  const isEffect = (lower.past.get(higher.node) ?? 0) > higher.position;
  if (isEffect) return;
  findings.add("false-order", () => ({
    message: `${told(lower)} has a lower stamp than ${told(higher)}, and did not happen before it`,
    ops: [lower.recorded.index, higher.recorded.index],
  }));
}

/** How many of a chain whose stamps grow are below the stamp. Bisection. */
function countBelow(chain: readonly Event[], stamp: VectorStamp): number {
  let [low, high] = [0, chain.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(chain[middle]!.stamp, stamp)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** No entry is higher, and one is lower; who is not named has 0. */
function isBelow(left: VectorStamp, right: VectorStamp): boolean {
  return isAtMost(left, right) && !isAtMost(right, left);
}

function isAtMost(left: VectorStamp, right: VectorStamp): boolean {
  for (const node in left) if ((left[node] ?? 0) > (right[node] ?? 0)) return false;
  return true;
}

function withoutZeros(stamp: VectorStamp): { [node: string]: number } {
  return Object.fromEntries(Object.entries(stamp).filter(([, count]) => count !== 0));
}
