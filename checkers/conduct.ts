/**
 * Conduct: nodes keep running and keep to the protocol.
 *
 * The harness records every breach as an observation of the node: `f: "misconduct"`, `value:
 * {"kind": "crashed", "detail": "…"}`. Crashes that a plan asked for are not breaches and are not
 * recorded. One anomaly per node and kind. O(observations).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { isJsonObject } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";

export const conduct: Checker = {
  name: "conduct",
  summary: "no node crashes unasked, throws, breaks the protocol, babbles or falls silent",
  anomalies: {
    "node-crashed": "a node ends unasked",
    "node-threw": "a node throws what nobody catches",
    "bad-message": "a node sends what is no message of the protocol",
    "unknown-destination": "a node sends to a name that does not exist",
    "oversized-message": "a node sends a message that is too big",
    "babbling-node": "a node sends without end",
    "silent-node": "a node answers nobody any more, though all faults have ended",
  },
  check,
};

interface Breach {
  type: string;
  did: string;
}

const BREACHES: ReadonlyMap<string, Breach> = new Map([
  ["crashed", { type: "node-crashed", did: "crashed unasked" }],
  ["threw", { type: "node-threw", did: "threw" }],
  ["bad-message", { type: "bad-message", did: "sent a message that breaks the protocol" }],
  ["unknown-destination", { type: "unknown-destination", did: "sent a message to nobody" }],
  ["oversized-message", { type: "oversized-message", did: "sent a message that is too big" }],
  ["babbling", { type: "babbling-node", did: "sent without end" }],
  ["silent", { type: "silent-node", did: "stopped answering for good" }],
]);

const INDEXES_MAX = 5;

function check(history: History): Verdict {
  const breaches = new Map<string, HistoryEvent[]>();
  for (const observation of history.observations) {
    if (observation.f !== "misconduct") continue;
    const name = JSON.stringify([observation.process, kindOf(observation)]);
    const same = breaches.get(name);
    if (same === undefined) breaches.set(name, [observation]);
    else same.push(observation);
  }
  const anomalies = [...breaches.values()].map(asAnomaly);
  return { valid: anomalies.length === 0, anomalies };
}

function kindOf({ value }: HistoryEvent): string {
  return isJsonObject(value) && typeof value["kind"] === "string" ? value["kind"] : "misconduct";
}

function asAnomaly(events: readonly HistoryEvent[]): Anomaly {
  const [first] = events;
  const { process, value } = first!;
  const kind = kindOf(first!);
  const { type, did } = BREACHES.get(kind) ?? { type: kind, did: `misbehaved (${kind})` };
  const detail =
    isJsonObject(value) && typeof value["detail"] === "string" ? `: ${value["detail"]}` : "";
  const times = events.length === 1 ? "" : ` (${events.length} times)`;
  return {
    type,
    message: `${process} ${did}${times}${detail}`,
    ops: events.slice(0, INDEXES_MAX).map(({ index }) => index),
  };
}
