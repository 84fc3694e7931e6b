/**
 * Strong convergence of the replicas themselves, from what they recorded: replicas that delivered the
 * same updates are in the same state (strong eventual consistency; Shapiro, Preguiça, Baquero,
 * Zawirski 2011).
 *
 * A replica records `state` observations, `{delivered, state, kind?}`, at any moments it likes, of
 * what a crash cannot take back. `delivered` names the updates it has taken in: a list of their ids,
 * in any order, or a version vector, `{replica: count}`, which names the first so many of each
 * replica. `state` is the state or a digest of it; equal states must be equal as JSON. Whoever says
 * `kind: "state-based"` also promises that what it has delivered only grows: a merge is a join.
 *
 * Not checked: that the state itself grows in its lattice, whose order nobody recorded. O(total size).
 */

import type { HistoryEvent } from "../../../histories/history.js";
import { canonical, isJsonObject, type Json, type JsonObject } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import { Findings } from "../../findings.js";

export interface ReplicaFindings {
  findings: Findings;
  /** Observations of states that could be read. */
  states: number;
  /** Different sets of delivered updates, and how many of them more than one replica recorded. */
  deliveries: number;
  shared: number;
}

interface Recorded {
  event: HistoryEvent;
  delivered: Json[] | JsonObject;
  state: Json;
}

export function judgeReplicas(observations: readonly HistoryEvent[]): ReplicaFindings {
  const findings = new Findings();
  const byDelivery = new Map<string, { first: Recorded; replicas: Set<string> }>();
  const latest = new Map<string, Recorded>();
  let states = 0;
  for (const event of observations) {
    const recorded = recordedBy(event);
    if (recorded === undefined) continue;
    states += 1;
    const replica = String(event.process);
    const before = latest.get(replica);
    latest.set(replica, recorded);
    if (before !== undefined && isStateBased(event) && !includes(recorded, before)) {
      findings.add("shrunken-replica", () => shrunk(before, recorded));
    }
    const text = textOf(recorded.delivered);
    const same = byDelivery.get(text);
    if (same === undefined) {
      byDelivery.set(text, { first: recorded, replicas: new Set([replica]) });
      continue;
    }
    same.replicas.add(replica);
    if (canonical(same.first.state) === canonical(recorded.state)) continue;
    findings.add("divergent-replicas", () => diverged(same.first, recorded));
  }
  const shared = [...byDelivery.values()].filter(({ replicas }) => replicas.size > 1).length;
  return { findings, states, deliveries: byDelivery.size, shared };
}

function recordedBy(event: HistoryEvent): Recorded | undefined {
  if (event.f !== "state" || !isJsonObject(event.value)) return undefined;
  const { delivered, state } = event.value;
  if (state === undefined || !(Array.isArray(delivered) || isJsonObject(delivered))) {
    return undefined;
  }
  return { event, delivered, state };
}

function isStateBased({ value }: HistoryEvent): boolean {
  return isJsonObject(value) && value["kind"] === "state-based";
}

/** The same for the same updates: ids in order and once each; no entries of nothing in a vector. */
function textOf(delivered: Json[] | JsonObject): string {
  if (Array.isArray(delivered)) return [...new Set(delivered.map(canonical))].sort().join(" ");
  const counted = Object.entries(delivered).filter(([, count]) => count !== 0);
  return canonical(Object.fromEntries(counted));
}

function includes({ delivered: later }: Recorded, { delivered: earlier }: Recorded): boolean {
  if (Array.isArray(earlier)) {
    if (!Array.isArray(later)) return false;
    const has = new Set(later.map(canonical));
    return earlier.every((id) => has.has(canonical(id)));
  }
  if (Array.isArray(later)) return false;
  return Object.entries(earlier).every(
    ([replica, count]) => Number(later[replica] ?? 0) >= Number(count),
  );
}

function diverged(one: Recorded, other: Recorded): { message: string; ops: number[] } {
  const [a, b] = [String(one.event.process), String(other.event.process)];
  const whose = a === b ? `${a} was in two states` : `${a} and ${b} are in different states`;
  return {
    message: `${whose} after the same updates, ${show(one.delivered)}: ${show(one.state)} and ${show(other.state)}`,
    ops: [one.event.index, other.event.index],
  };
}

function shrunk(before: Recorded, after: Recorded): { message: string; ops: number[] } {
  const replica = String(after.event.process);
  return {
    message: `${replica} had delivered ${show(before.delivered)} and later only ${show(after.delivered)}: a merge takes nothing away`,
    ops: [before.event.index, after.event.index],
  };
}
