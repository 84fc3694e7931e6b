/**
 * Logical time, held to what really happened before what (Lamport 1978).
 *
 * Nodes record each event, `f: "event"`, `value: {place, stamp, after?}`: the node's own number of the event,
 * its stamp, and for the receipt of a message the event `{node, place}` of its sending. Before an event
 * happened what came earlier at its node, what came before the message was sent, and what happened before
 * those. A restart does not begin a new life: events of one node follow each other.
 *
 * Stamps that are lists are compared from the left, part by part: a clock that orders all events.
 * - effect-before-cause: an event's stamp is lower than that of one before it (the clock condition);
 * - timestamp-reuse: two events of a node have one stamp; no-total-order: two events of two nodes have.
 * With `physicalMs` and `boundMs` the first part may exceed what the node's calendar has ever said by the bound:
 * - drift-bound-broken: it does by more.
 * Stamps that are objects are vectors, and must tell the truth both ways:
 * - false-concurrency: neither of two stamps is lower, though one event happened before the other;
 * - false-order: one is lower, though its event did not happen before the other.
 *
 * Nothing is guessed: where a cause was not recorded before its effect the answer is unknown.
 */

import type { History } from "../../histories/history.js";
import type { Checker, Verdict } from "../checker.js";
import { Findings } from "../findings.js";
import {
  eventsOf,
  isTotal,
  isVector,
  type StampedEvent,
  type TotalStamp,
  type VectorStamp,
} from "./events.js";
import { judgeTotalOrder, told } from "./total-order.js";
import { judgeVectors } from "./vectors.js";

export const happenedBefore: Checker = {
  name: "happened-before",
  summary: "stamps of logical clocks agree with what happened before what, from what nodes record",
  anomalies: {
    "effect-before-cause": "an event has a lower stamp than one that happened before it",
    "timestamp-reuse": "two events were given one stamp by the same clock",
    "no-total-order": "two events of different nodes have the same stamp, so that neither is first",
    "drift-bound-broken": "a hybrid clock is farther ahead of its calendar than its bound allows",
    "false-concurrency": "vector stamps cannot be compared though one event was before the other",
    "false-order": "one vector stamp is below another though its event did not happen before",
  },
  check,
};

function check(history: History): Verdict {
  const { all, chains, problem } = eventsOf(history);
  const findings = new Findings();
  const notes = { events: all.length, nodes: chains.size };
  const open = problem ?? (all.length === 0 ? "no node recorded an event" : undefined);
  if (open !== undefined) return findings.verdict(notes, open);
  if (all.every(({ stamp }) => isTotal(stamp))) {
    judgeTotalOrder(all as readonly StampedEvent<TotalStamp>[], findings);
    for (const chain of chains.values())
      judgeDrift(chain as readonly StampedEvent<TotalStamp>[], findings);
  } else if (all.every(({ stamp }) => isVector(stamp))) {
    const typed = chains as ReadonlyMap<string, readonly StampedEvent<VectorStamp>[]>;
    judgeVectors(all as readonly StampedEvent<VectorStamp>[], typed, findings);
  } else {
    return findings.verdict(notes, "some stamps are neither lists nor vectors, or not all alike");
  }
  return findings.verdict(notes);
}

/** A clock set forward is ahead of all others by right: it is held to what its own calendar said. */
function judgeDrift(chain: readonly StampedEvent<TotalStamp>[], findings: Findings): void {
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const event of chain) {
    const { physicalMs, boundMs, stamp, recorded } = event;
    if (physicalMs === undefined || boundMs === undefined) continue;
    latestMs = Math.max(latestMs, physicalMs);
    const aheadMs = Number(stamp[0]) - latestMs;
    if (aheadMs <= boundMs) continue;
    findings.add("drift-bound-broken", () => ({
      message: `${told(event)} is ${aheadMs} ms ahead of all that its calendar has said, and ${boundMs} ms are allowed`,
      ops: [recorded.index],
    }));
  }
}
